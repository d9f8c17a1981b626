using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>
/// The assemblies that the cells of one notebook are compiled against. Roslyn takes time for each of them again in
/// every cell, so the notebook begins with a few of .NET's 170 and gets the rest when it needs them.
/// </summary>
/// <remarks>
/// With an assembly always come those that it refers to. Roslyn would otherwise, once they come later, take the
/// assembly for another one, whose types differ from those of the variables that there are.
/// </remarks>
internal sealed class AssemblyReferences
{
    private static readonly string[] _common =
    [
        "System.Private.CoreLib", "System.Runtime", "System.Collections", "System.Console", "System.Linq",
        "System.Linq.Parallel", "System.Runtime.Numerics", "System.Text.RegularExpressions",
        "System.Threading.Tasks.Parallel",
    ];

    private static readonly Dictionary<string, string> _paths =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .GroupBy(path => Path.GetFileNameWithoutExtension(path))
            .ToDictionary(paths => paths.Key, paths => paths.First(), StringComparer.OrdinalIgnoreCase);

    private static readonly string? _framework = Path.GetDirectoryName(typeof(object).Assembly.Location);

    private static readonly ConcurrentDictionary<string, PortableExecutableReference> _loaded = new();

    /// <summary>What is said of a part of .NET that a line refers to.</summary>
    public const string NoLineNeeded = "is part of .NET, which every cell can use without a line: delete this one.";

    private readonly HashSet<string> _known = [];

    /// <summary>Begins with what cells commonly use.</summary>
    public AssemblyReferences() => Add(_common);

    /// <summary>The assemblies added since <see cref="Clear"/>.</summary>
    public List<MetadataReference> Added { get; } = [];

    /// <summary>Whether the whole of .NET is among the assemblies.</summary>
    public bool HasWholeFramework { get; private set; }

    /// <summary>Adds assemblies and all that they refer to.</summary>
    public void Add(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (!_paths.TryGetValue(name, out var path) || !_known.Add(name)) continue;
            var assembly = _loaded.GetOrAdd(name, _ => MetadataReference.CreateFromFile(path));
            Added.Add(assembly);
            Add(ReferredTo(assembly));
        }
    }

    /// <summary>Adds the rest of .NET.</summary>
    public void AddWholeFramework()
    {
        HasWholeFramework = true;
        Add(_paths.Keys.Where(IsPartOfFramework));
    }

    /// <summary>Whether an assembly of this name comes with .NET.</summary>
    public static bool IsPartOfFramework(string name) =>
        _paths.TryGetValue(name, out var path) && Path.GetDirectoryName(path) == _framework;

    /// <summary>Forgets what was added, but not that it was.</summary>
    public void Clear() => Added.Clear();

    private static List<string> ReferredTo(PortableExecutableReference assembly)
    {
        var reader = ((AssemblyMetadata)assembly.GetMetadata()).GetModules()[0].GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle =>
            reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }
}
