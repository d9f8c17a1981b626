using Microsoft.CodeAnalysis;
using Microsoft.Extensions.DependencyModel;

namespace GptEmbeddings.NotebookRunner;

/// <summary>
/// The assemblies that a cell can refer to: those of .NET, and those of the packages that the runner's own build restored,
/// so that no run needs the network.
/// </summary>
internal static class PackageReferences
{
    private const string Pins = "helpers/Directory.Packages.props";

    private static readonly Dictionary<string, string> Assemblies =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .GroupBy(path => Path.GetFileName(path)).ToDictionary(paths => paths.Key, paths => paths.First());

    private static readonly Lazy<Dictionary<string, RuntimeLibrary>> Libraries = new(() =>
        DependencyContext.Default!.RuntimeLibraries.ToDictionary(library => library.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The assemblies of .NET itself.</summary>
    public static IReadOnlyList<MetadataReference> Framework { get; } =
    [
        .. Assemblies.Values
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Gives the assemblies of a package and of all that it depends on.</summary>
    /// <exception cref="CellException">The build did not restore just that package and version.</exception>
    public static IEnumerable<MetadataReference> Resolve(string package, string? version)
    {
        if (!Libraries.Value.TryGetValue(package, out var library))
            throw new CellException(
                $"the build restored no package {package}. The packages that a notebook can load are pinned in {Pins}.");
        if (library.Version != version)
            throw new CellException(
                $"{(version is null ? "no version is given" : $"version {version} is not the one that the build restored")}. " +
                $"Write `#r \"nuget: {library.Name}, {library.Version}\"`, the version pinned in {Pins}.");
        return Closure(library, []).SelectMany(part => part.GetDefaultAssemblyNames(DependencyContext.Default!))
            .Select(assembly => assembly.Name + ".dll").Where(Assemblies.ContainsKey)
            .Select(file => MetadataReference.CreateFromFile(Assemblies[file]));
    }

    private static HashSet<RuntimeLibrary> Closure(RuntimeLibrary library, HashSet<RuntimeLibrary> found)
    {
        if (found.Add(library))
            foreach (var dependency in library.Dependencies)
                if (Libraries.Value.TryGetValue(dependency.Name, out var next))
                    Closure(next, found);
        return found;
    }
}
