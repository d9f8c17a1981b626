using System.Buffers.Binary;
using System.Globalization;
using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;

namespace GptEmbeddings;

public static partial class Explore
{
    // About 0.7 MB in a saved notebook.
    private const long MostNumbers = 250_000;

    /// <summary>
    /// Training, step by step: a slider moves over saved tables, which stand as points in one fixed projection, beside
    /// the loss; a clicked word shows its nearest words by the cosine of all its numbers, a button the words that the
    /// model expects next.
    /// </summary>
    /// <param name="tables">
    /// The word table (V, C) and the positional table (T, C) before the first step, and then each time that
    /// <paramref name="every"/> more steps were done; at least two of each. Points are placed along the two directions
    /// in which the rows of the last word table differ most.
    /// </param>
    /// <param name="losses">The loss at each step.</param>
    /// <param name="words">The V words, by id.</param>
    /// <param name="classes">The class of each word; each has a color and a symbol.</param>
    /// <param name="every">How many steps lie between two saved tables.</param>
    /// <param name="floor">A loss that none can stay below, and its name: a level line.</param>
    /// <param name="word">The word that is chosen at first; by default the one with id 0.</param>
    /// <param name="next">
    /// What the button <i>Next word</i> shows: a few texts, and the share that the model gave to each word as the next
    /// one of each text, (tables, texts, V). Without it there is no such button.
    /// </param>
    /// <remarks>
    /// Each number of a table is kept to 1/32,767 of the largest of its table at that step; cosines computed from them
    /// agree with those of the tables to 1e-4.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// Tables are missing, disposed, not finite, too many, or differ in shape; words or classes are not V; losses do
    /// not reach the last table or are not finite; the word is not among the words; shares have another shape or are
    /// not finite.
    /// </exception>
    public static ExplorerView Training(
        IReadOnlyList<(Tensor Words, Tensor Positions)> tables, IReadOnlyList<double> losses,
        IReadOnlyList<string> words, IReadOnlyList<string> classes, int every,
        (string Name, double Value)? floor = null, string? word = null,
        (IReadOnlyList<string> Texts, Tensor Shares)? next = null)
    {
        var saved = ReadTables(tables);
        var (rows, width) = (saved[0].Words.Rows, saved[0].Words.Width);
        CheckNames(words, rows, nameof(words));
        CheckNames(classes, rows, nameof(classes));
        CheckLosses(losses, every, tables.Count);
        Require(double.IsFinite(floor?.Value ?? 0), $"The floor is {floor?.Value}.", "Give a number.", nameof(floor));
        var chosen = word is null ? 0 : words.ToList().IndexOf(word);
        Require(chosen >= 0, $"'{word}' is none of the {words.Count} words.", "Name one of them.", nameof(word));

        var said = ReadNext(next, saved.Length, rows);

        using var scope = NewDisposeScope();
        var axes = new PrincipalComponents(Dense(tables[^1].Words));
        var data = new
        {
            words,
            classes,
            colors = Palette.Groups,
            every,
            losses = Rounded([.. losses]),
            floor = floor is { } level ? new { name = level.Name, value = level.Value } : null,
            chosen,
            width,
            mean = Rounded(Read(axes.Mean, "mean", nameof(tables))),
            directions = Matrix(axes.Directions[.., ..2].T, 2, width, nameof(tables)),
            steps = saved.Select(one => new { words = one.Words.Packed(), positions = one.Positions.Packed() }),
            next = said is null ? null : new { texts = next!.Value.Texts, shares = said },
        };
        const string title = "Training, step by step";
        var text = TrainingText(title, saved, losses, words, every, chosen);
        if (said is not null)
            text += $"\n step  next after \"{RowLabels.Escape(next!.Value.Texts[0])}\"\n"
                + string.Join('\n', Shown(saved.Length).Select(i => $"{i * every,5}  {Likeliest(said[i][0], words)}"));
        return new("training", title, text, data);
    }

    // By step, text and word.
    private static double[][][]? ReadNext(
        (IReadOnlyList<string> Texts, Tensor Shares)? next, int steps, int words)
    {
        if (next is not { } given) return null;
        ArgumentNullException.ThrowIfNull(given.Texts, nameof(next));
        ArgumentNullException.ThrowIfNull(given.Shares, nameof(next));
        long[] wanted = [steps, given.Texts.Count, words];
        Require(given.Texts.Count > 0 && given.Texts.All(text => text is not null),
            $"{nameof(next)} has no text, or one that is null.", "Give at least one, such as \"the cow\".",
            nameof(next));
        var values = Read(given.Shares, "next.Shares", nameof(next));
        Require(given.Shares.shape.SequenceEqual(wanted),
            $"""
            'next.Shares' has shape {Shape(given.Shares)}, not (tables, texts, words): ({string.Join(", ", wanted)}).
            """,
            "Give the softmax of the scores at each saved step.", nameof(next));
        return [.. Finite(values, given.Shares, nameof(next)).Chunk(words).Chunk(given.Texts.Count)];
    }

    private static string Likeliest(double[] shares, IReadOnlyList<string> words) => string.Join(", ",
        Enumerable.Range(0, shares.Length).OrderByDescending(id => shares[id]).Take(4).Select(id =>
            string.Create(CultureInfo.InvariantCulture, $"{RowLabels.Escape(words[id])} {shares[id]:0.00}")));

    private static IEnumerable<int> Shown(int saved) =>
        Enumerable.Range(0, 5).Select(part => part * (saved - 1) / 4).Distinct();

    private static (SavedTable Words, SavedTable Positions)[] ReadTables(
        IReadOnlyList<(Tensor Words, Tensor Positions)> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        Require(tables.Count > 1, $"{nameof(tables)} has {tables.Count} pairs of tables.",
            "Give those before the first step and at least one later pair.", nameof(tables));
        var saved = tables.Select((pair, i) => (
            Words: SavedTable.Read(pair.Words, tables[0].Words, $"{nameof(tables)}[{i}].Words"),
            Positions: SavedTable.Read(pair.Positions, tables[0].Positions, $"{nameof(tables)}[{i}].Positions")))
            .ToArray();
        var (words, positions) = saved[0];
        Require(words.Width == positions.Width,
            $"Rows of words have {words.Width} numbers, rows of positions {positions.Width}.",
            "Give the two tables of one model.", nameof(tables));
        var numbers = (long)saved.Length * (words.Values.Length + positions.Values.Length);
        Require(numbers <= MostNumbers,
            $"The tables of all steps hold {numbers:N0} numbers, and the explorer takes at most {MostNumbers:N0}.",
            "Save fewer steps, or give the rows of some words only.", nameof(tables));
        return saved;
    }

    private static void CheckNames(IReadOnlyList<string> names, int rows, string parameter)
    {
        ArgumentNullException.ThrowIfNull(names, parameter);
        Require(names.Count == rows, $"The word table has {rows} rows, and {parameter} has {names.Count} names.",
            "Give one for each row.", parameter);
        Require(names.All(name => name is not null), $"A name in {parameter} is null.", "Give a string.", parameter);
    }

    private static void CheckLosses(IReadOnlyList<double> losses, int every, int tables)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        var last = (long)every * (tables - 1);
        Require(losses.Count >= last,
            $"{tables} tables, saved every {every} steps, reach to step {last}, and there are {losses.Count} losses.",
            "Give the loss of every step, and the steps between two tables.", nameof(losses));
        for (var i = 0; i < losses.Count; i++)
            Require(double.IsFinite(losses[i]), $"The loss of step {i + 1} is {losses[i]}.",
                "Find out where it comes from; a smaller learning rate often helps.", nameof(losses));
    }

    // What a reader without scripts is told: how the loss fell and how the chosen word found its nearest words.
    private static string TrainingText(
        string title, (SavedTable Words, SavedTable Positions)[] saved, IReadOnlyList<double> losses,
        IReadOnlyList<string> words, int every, int chosen)
    {
        var lines = Shown(saved.Length).Select(i =>
        {
            var loss = i == 0 ? "" : losses[i * every - 1].ToString("0.00", CultureInfo.InvariantCulture);
            var nearest = saved[i].Words.Nearest(chosen).Take(3).Select(near =>
                string.Create(CultureInfo.InvariantCulture, $"{RowLabels.Escape(words[near.Row])} {near.Cosine:0.00}"));
            return $"{i * every,5}  {loss,5}  {string.Join(", ", nearest)}";
        });
        var facts = string.Create(CultureInfo.InvariantCulture,
            $"{words.Count} words and {saved[0].Positions.Rows} positions, saved {saved.Length} times");
        return $"Explorer \"{title}\": {facts}\n"
            + $" step   loss  nearest to {RowLabels.Escape(words[chosen])}, by the cosine\n{string.Join('\n', lines)}";
    }
}

/// <summary>The numbers of a table at one step.</summary>
internal sealed record SavedTable(int Rows, int Width, double[] Values)
{
    /// <summary>Reads a table that must have the shape of another and finite numbers.</summary>
    public static SavedTable Read(Tensor table, Tensor like, string name)
    {
        ArgumentNullException.ThrowIfNull(table, name);
        var values = ChartValues.Read(table, name, "tables");
        Require(table.dim() == 2 && table.shape[0] > 1 && table.shape[1] > 1,
            $"'{name}' has shape {Shape(table)}, and a table has two dimensions, of at least two rows and columns.",
            "Give the weight of an Embedding.", "tables");
        Require(table.shape.SequenceEqual(like.shape),
            $"'{name}' has shape {Shape(table)}, and the first such table {Shape(like)}.",
            "Give the same table at every step.", "tables");
        Require(values.All(double.IsFinite), $"'{name}' holds a number that is NaN or infinite.",
            "Find out where it comes from; a smaller learning rate often helps.", "tables");
        return new((int)table.shape[0], (int)table.shape[1], values);
    }

    /// <summary>Two bytes a number, the lower first, in base64, and what a one stands for.</summary>
    public object Packed()
    {
        var scale = Values.Max(Math.Abs) is var largest && largest > 0 ? largest / short.MaxValue : 1;
        var bytes = new byte[2 * Values.Length];
        for (var i = 0; i < Values.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)Math.Round(Values[i] / scale));
        return new { scale, numbers = Convert.ToBase64String(bytes) };
    }

    /// <summary>The other rows and their cosine with this one, the nearest first.</summary>
    public IEnumerable<(int Row, double Cosine)> Nearest(int row) =>
        from other in Enumerable.Range(0, Rows)
        where other != row
        let cosine = Dot(row, other) / Math.Sqrt(Dot(row, row) * Dot(other, other))
        orderby cosine descending
        select (other, cosine);

    private double Dot(int a, int b)
    {
        var sum = 0.0;
        for (var i = 0; i < Width; i++) sum += Values[a * Width + i] * Values[b * Width + i];
        return sum;
    }
}
