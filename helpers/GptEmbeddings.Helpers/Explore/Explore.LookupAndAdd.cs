using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;

namespace GptEmbeddings;

public static partial class Explore
{
    private const int MostWords = 12, MostTokens = 8, MostColumns = 8;

    /// <summary>
    /// A sentence that the reader builds of the vocabulary's words: each word's id and row of the word table, the row
    /// of its position, and the sum of the two.
    /// </summary>
    /// <param name="words">The vocabulary, by id: V of them, at most 12.</param>
    /// <param name="wordTable">A row for each word: (V, C), with C at most 8.</param>
    /// <param name="positionTable">A row for each position: (context length, C). Without, only words are looked
    /// up.</param>
    /// <param name="adds">Whether the sum of the two rows is shown; false shows them beside each other.</param>
    /// <param name="ids">The sentence at first; by default each word once, as far as there is room.</param>
    /// <param name="title">What to call it.</param>
    /// <returns>A view whose numbers are to be read as those of the tensors, to four decimals.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor is null, disposed, not 2-d, too large or has a number that is not finite; the tensors and the words do
    /// not go together; an id is not in the vocabulary; the sentence is longer than there are positions, or than 8.
    /// </exception>
    public static ExplorerView LookupAndAdd(
        IReadOnlyList<string> words, Tensor wordTable, Tensor? positionTable = null, bool adds = true,
        IReadOnlyList<long>? ids = null, string? title = null)
    {
        CheckWords(words, MostWords);
        var table = Matrix(wordTable, words.Count, null, nameof(wordTable));
        CheckWidth(table[0].Length, MostColumns, nameof(wordTable));
        var positions = positionTable is null ? null
            : Matrix(positionTable, null, table[0].Length, nameof(positionTable));
        var room = Math.Min(positions?.Length ?? MostTokens, MostTokens);
        ids ??= [.. Enumerable.Range(0, Math.Min(words.Count, room)).Select(id => (long)id)];
        CheckIds(ids, words.Count, room);

        title ??= positions is null ? "Look up words" : adds ? "Look up and add" : "Look up words and positions";
        var text = LookupText(title, [.. ids.Select(id => words[(int)id])], ids, wordTable, positionTable, adds);
        return new("lookup-and-add", title, text, new
        {
            words,
            table,
            positions = positions?[..room],
            adds = adds && positions is not null,
            room,
            ids,
        });
    }

    private static void CheckIds(IReadOnlyList<long> ids, int words, int room)
    {
        Require(
            ids.Count <= room,
            $"The sentence has {ids.Count} words, and there is room for {room}.",
            "Leave some out, or give a positional table with more rows; 8 words is the most.",
            nameof(ids));
        foreach (var id in ids)
            Require(
                id >= 0 && id < words,
                $"The id {id} is not in the vocabulary, whose ids are 0 to {words - 1}.",
                "Give ids of its words.",
                nameof(ids));
    }

    private static string LookupText(
        string title, string[] sentence, IReadOnlyList<long> ids, Tensor wordTable, Tensor? positionTable, bool adds)
    {
        using var scope = NewDisposeScope();
        var header = $"Explorer \"{RowLabels.Escape(title)}\": {Line(sentence)}\nids {string.Join(", ", ids)}";
        if (ids.Count == 0) return header;
        var rows = Dense(wordTable)[tensor(ids.ToArray())];
        var parts = new List<string> { header, $"word rows\n{TensorText.Format(rows, rowLabels: sentence)}" };
        if (positionTable is null) return string.Join('\n', parts);
        var places = Dense(positionTable)[..ids.Count];
        string[] numbers = [.. Enumerable.Range(0, ids.Count).Select(position => $"position {position}")];
        parts.Add($"position rows\n{TensorText.Format(places, rowLabels: numbers)}");
        if (adds) parts.Add($"sum\n{TensorText.Format(rows + places, rowLabels: sentence)}");
        return string.Join('\n', parts);
    }
}
