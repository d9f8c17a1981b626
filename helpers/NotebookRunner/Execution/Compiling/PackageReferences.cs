using Microsoft.Extensions.DependencyModel;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>Finds the assemblies of the packages that the build restored, so that no run needs the network.</summary>
internal static class PackageReferences
{
    private const string Pins = "helpers/Directory.Packages.props";

    private static readonly Lazy<Dictionary<string, RuntimeLibrary>> _libraries = new(() =>
        DependencyContext.Default!.RuntimeLibraries.ToDictionary(library =>
            library.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Gives the names of the assemblies of a package and of all packages that it depends on.</summary>
    /// <exception cref="CellException">The build did not restore just that package and version.</exception>
    public static IEnumerable<string> Resolve(PackageRequest request)
    {
        if (AssemblyReferences.IsPartOfFramework(request.Package))
            throw new CellException(
                $"line {request.Line}: {request.Package} {AssemblyReferences.NoLineNeeded}");
        if (!_libraries.Value.TryGetValue(request.Package, out var library))
            throw new CellException(
                $"line {request.Line}: the build restored no package {request.Package}. " +
                $"The packages that a notebook can load are pinned in {Pins}.");
        if (library.Version != request.Version)
            throw new CellException(
                $"line {request.Line}: " +
                (request.Version is null ? "no version is given. "
                    : $"the build restored another version than {request.Version}. ") +
                $"Write `#r \"nuget: {library.Name}, {library.Version}\"`, the version pinned in {Pins}.");
        return Closure(library, []).SelectMany(part => part.GetDefaultAssemblyNames(DependencyContext.Default!))
            .Select(assembly => assembly.Name!);
    }

    /// <summary>The version of a package that the build restored.</summary>
    public static string VersionOf(string package) => _libraries.Value[package].Version;

    private static HashSet<RuntimeLibrary> Closure(RuntimeLibrary library, HashSet<RuntimeLibrary> found)
    {
        if (found.Add(library))
            foreach (var dependency in library.Dependencies)
                if (_libraries.Value.TryGetValue(dependency.Name, out var next))
                    Closure(next, found);
        return found;
    }
}
