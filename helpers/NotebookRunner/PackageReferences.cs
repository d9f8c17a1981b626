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

    // What nearly every cell does with. Roslyn takes time for each assembly again in every cell.
    private static readonly string[] CommonNames =
    [
        "System.Private.CoreLib", "System.Runtime", "System.Collections", "System.Console", "System.Linq", "System.Memory",
        "System.Private.Uri", "System.Runtime.InteropServices", "System.Runtime.Numerics", "System.Text.RegularExpressions",
        "System.Threading",
    ];

    /// <summary>The assemblies of .NET itself that cells commonly need.</summary>
    public static IReadOnlyList<MetadataReference> Common { get; } =
        [.. Framework(name => CommonNames.Contains(name))];

    /// <summary>The rest of the assemblies of .NET itself.</summary>
    public static IEnumerable<MetadataReference> Rest => Framework(name => !CommonNames.Contains(name));

    /// <summary>Gives the assemblies of a package and of all that it depends on.</summary>
    /// <exception cref="CellException">The build did not restore just that package and version.</exception>
    public static IEnumerable<MetadataReference> Resolve(PackageRequest request)
    {
        if (!Libraries.Value.TryGetValue(request.Package, out var library))
            throw new CellException(
                $"line {request.Line}: the build restored no package {request.Package}. " +
                $"The packages that a notebook can load are pinned in {Pins}.");
        if (library.Version != request.Version)
            throw new CellException(
                $"line {request.Line}: " +
                (request.Version is null ? "no version is given. " : $"the build restored another version than {request.Version}. ") +
                $"Write `#r \"nuget: {library.Name}, {library.Version}\"`, the version pinned in {Pins}.");
        return Closure(library, []).SelectMany(part => part.GetDefaultAssemblyNames(DependencyContext.Default!))
            .Select(assembly => assembly.Name + ".dll").Where(Assemblies.ContainsKey)
            .Select(file => MetadataReference.CreateFromFile(Assemblies[file]));
    }

    private static IEnumerable<MetadataReference> Framework(Func<string, bool> include) => Assemblies.Values
        .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
        .Where(path => include(Path.GetFileNameWithoutExtension(path)))
        .Select(path => MetadataReference.CreateFromFile(path));

    private static HashSet<RuntimeLibrary> Closure(RuntimeLibrary library, HashSet<RuntimeLibrary> found)
    {
        if (found.Add(library))
            foreach (var dependency in library.Dependencies)
                if (Libraries.Value.TryGetValue(dependency.Name, out var next))
                    Closure(next, found);
        return found;
    }
}
