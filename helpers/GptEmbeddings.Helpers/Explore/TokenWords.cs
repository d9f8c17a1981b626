using System.Text.RegularExpressions;
using static GptEmbeddings.ChartValues;

namespace GptEmbeddings;

/// <summary>
/// The words that occur in texts of tokens, a word being what GPT-2's tokenizer cuts at once: a space and letters, a
/// space and digits, other signs. So text can be cut into tokens without the tokenizer, as long as its words are known.
/// </summary>
internal sealed partial class TokenWords
{
    private const char Broken = '\uFFFD';   // what a token of half a character decodes to

    private readonly Dictionary<string, IReadOnlyList<long>> _ids = new(StringComparer.Ordinal);

    /// <summary>Collects the words.</summary>
    /// <param name="tokens">The text of each token, by id; 0 is the end mark and no text.</param>
    /// <param name="texts">Texts as ids.</param>
    /// <exception cref="ArgumentException">An id is not that of a token.</exception>
    public TokenWords(IReadOnlyList<string> tokens, IEnumerable<IReadOnlyList<long>> texts)
    {
        for (var id = 1; id < tokens.Count; id++)
            if (!tokens[id].Contains(Broken, StringComparison.Ordinal)) _ids.TryAdd(tokens[id], [id]);
        foreach (var ids in texts)
        {
            var others = ids.Where(id => id <= 0 || id >= tokens.Count);
            Require(
                !others.Any(),
                $"A text has the id {others.FirstOrDefault()}, and the tokens have 1 to {tokens.Count - 1}.",
                "Give texts as ids of these tokens, without end marks.",
                nameof(texts));
            Collect(tokens, ids);
        }
    }

    /// <summary>The words of several tokens: the ids of each.</summary>
    public IEnumerable<IReadOnlyList<long>> Longer => _ids.Values.Where(ids => ids.Count > 1);

    /// <summary>Cuts text, which is read as if a space stood before it, into ids; or names a word that it does not
    /// know.</summary>
    public (IReadOnlyList<long> Ids, string? Unknown) Cut(string text)
    {
        if (text.Length == 0) return ([], null);
        var words = Words().Matches(" " + text).Select(match => match.Value).ToArray();
        var unknown = words.FirstOrDefault(word => !_ids.ContainsKey(word));
        return unknown is null ? ([.. words.SelectMany(word => _ids[word])], null) : ([], unknown);
    }

    // No token reaches over the end of a word.
    private void Collect(IReadOnlyList<string> tokens, IReadOnlyList<long> ids)
    {
        var text = string.Concat(ids.Select(id => tokens[(int)id]));
        var at = 0;
        foreach (var word in Words().EnumerateMatches(text))
        {
            var (from, length) = (at, 0);
            while (length < word.Length) length += tokens[(int)ids[at++]].Length;
            if (at - from < 2) continue;
            var known = text.Substring(word.Index, word.Length);
            if (!known.Contains(Broken, StringComparison.Ordinal))
                _ids.TryAdd(known, [.. ids.Skip(from).Take(at - from)]);
        }
    }

    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Words();
}
