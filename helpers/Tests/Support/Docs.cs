using Microsoft.ML.Tokenizers;

namespace GptEmbeddings.Tests;

/// <summary>The documentation of .NET as notebook 6 cuts it: GPT-2's tokens, the 1,999 most frequent of them.</summary>
internal sealed class Docs
{
    private static readonly Lazy<Docs> _docs = new(() => new());

    private readonly HashSet<string> _words;

    private Docs()
    {
        var encoded = DotNetDocs.Texts().Select(text => Tokenizer.EncodeToIds(" " + text)).ToArray();
        var frequent = encoded.SelectMany(ids => ids).GroupBy(id => id).OrderByDescending(one => one.Count())
            .ThenBy(one => one.Key).Select(one => one.Key).Take(1_999).ToArray();
        IdOf = frequent.Select((id, i) => (id, i + 1L)).ToDictionary();
        Tokens = ["<end>", .. frequent.Select(id => Tokenizer.Decode([id])!)];
        Kept = [.. encoded.Where(ids => ids.All(IdOf.ContainsKey)).Select(ids => ids.Select(id => IdOf[id]).ToArray())];
        _words = [.. Kept.SelectMany(ids => Text(ids).Split(' '))];
    }

    /// <summary>Read once in a process.</summary>
    public static Docs Of => _docs.Value;

    /// <summary>GPT-2's own.</summary>
    public Tokenizer Tokenizer { get; } = TiktokenTokenizer.CreateForModel("gpt2");

    /// <summary>From GPT-2's ids to those of notebook 6.</summary>
    public IReadOnlyDictionary<int, long> IdOf { get; }

    /// <summary>The text of each id.</summary>
    public string[] Tokens { get; }

    /// <summary>The texts of these tokens only.</summary>
    public long[][] Kept { get; }

    /// <summary>A text of ids, without the space before it.</summary>
    public string Text(long[] ids) => string.Concat(ids.Select(id => Tokens[id]))[1..];

    /// <summary>Whether what stands between two spaces occurs in the texts.</summary>
    public bool Occurs(string word) => _words.Contains(word);
}
