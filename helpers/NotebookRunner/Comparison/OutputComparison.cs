using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Pictures;
using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner.Comparison;

/// <summary>Tells how the outputs of a run differ from the saved ones.</summary>
internal static class OutputComparison
{
    private const string PlainText = "text/plain";
    private const int Context = 1;
    private const int LongestLine = 160;

    // The time to compare texts grows with the square of their lines, and nobody reads more.
    private const int MostLines = 500;

    /// <summary>Compares one cell.</summary>
    /// <returns>Readable differences, <c>-</c> saved and <c>+</c> now; empty when there are none.</returns>
    public static IReadOnlyList<string> Differences(CellRun run)
    {
        var (saved, now) = (Merge([.. run.Cell.SavedOutputs.Select(ChartPicture.Without)]), Merge(run.Outputs));
        var (savedKinds, nowKinds) = (Kinds(saved), Kinds(now));
        if (savedKinds != nowKinds) return [.. Lines("the kinds of output", savedKinds, nowKinds)];
        if (run.Cell.Varies) return [];
        return [.. saved.Zip(now).SelectMany(pair => Compare(pair.First.Parts, pair.Second.Parts))];
    }

    // Some tools save every write of a stream on its own.
    private static List<CellOutput> Merge(IReadOnlyList<CellOutput> outputs)
    {
        var merged = new List<CellOutput>();
        foreach (var output in outputs)
            if (output.Type == "stream" && merged.LastOrDefault() is { Type: "stream" } last && last.Kind == output.Kind)
                merged[^1] = CellOutput.Stream(output.Parts.Keys.Single(), last.Parts.Values.Single() + output.Parts.Values.Single());
            else
                merged.Add(output);
        return merged;
    }

    private static string Kinds(List<CellOutput> outputs) =>
        outputs.Count == 0 ? "no output" : string.Join('\n', outputs.Select(output => output.Kind));

    private static IEnumerable<string> Compare(
        IReadOnlyDictionary<string, string> saved, IReadOnlyDictionary<string, string> now)
    {
        var changed = saved.Keys.Where(name => saved[name] != now[name]).Order(StringComparer.Ordinal).ToList();
        var plainTextChanged = changed.Contains(PlainText);
        foreach (var name in changed)
            foreach (var line in (name, plainTextChanged) switch
            {
                ("text/html", true) => ["text/html differs as well"],
                ("text/html", false) when HtmlText.Of(saved[name]) is var a && HtmlText.Of(now[name]) is var b && a != b =>
                    Lines("text/html, its text", a, b),
                _ => Lines(name, saved[name], now[name]),
            })
                yield return line;
    }

    private static IEnumerable<string> Lines(string title, string saved, string now)
    {
        yield return $"{title}: - saved, + now";
        var difference = FirstDifference(saved, now);
        var (savedPart, nowPart) = Part(saved, now);
        var lines = InlineDiffBuilder.Diff(savedPart, nowPart, ignoreWhiteSpace: false).Lines;
        var changes = lines.Index().Where(line => line.Item.Type != ChangeType.Unchanged).Select(line => line.Index).ToList();
        if (changes.Count == 0) yield return "  the line breaks differ";
        var last = -1;
        foreach (var (index, line) in lines.Index())
        {
            if (!changes.Any(change => Math.Abs(change - index) <= Context)) continue;
            if (index > last + 1) yield return "  …";
            last = index;
            var sign = line.Type switch { ChangeType.Deleted => '-', ChangeType.Inserted => '+', _ => ' ' };
            yield return $"{sign} {Shorten(line.Text, sign == ' ' ? 0 : difference)}";
        }

        if (savedPart.Length < saved.Length || nowPart.Length < now.Length) yield return "  …";
    }

    // Of long texts only the lines from just before the first difference on.
    private static (string Saved, string Now) Part(string saved, string now)
    {
        if (saved.AsSpan().Count('\n') < MostLines && now.AsSpan().Count('\n') < MostLines) return (saved, now);
        var start = saved.AsSpan().CommonPrefixLength(now);
        for (var i = 0; i <= Context; i++) start = saved.AsSpan(0, Math.Max(start - i, 0)).LastIndexOf('\n') + 1;
        return (FirstLines(saved[start..]), FirstLines(now[start..]));
    }

    private static string FirstLines(string text)
    {
        var end = -1;
        for (var i = 0; i < MostLines; i++)
        {
            var next = text.IndexOf('\n', end + 1);
            if (next < 0) return text;
            end = next;
        }

        return text[..end];
    }

    // Only HTML and scripts have such lines: shows the part where the two begin to differ.
    private static string Shorten(string line, int difference)
    {
        if (line.Length <= LongestLine) return line;
        var start = Math.Clamp(difference - LongestLine / 4, 0, line.Length - LongestLine);
        return $"{(start > 0 ? "…" : "")}{line.AsSpan(start, LongestLine)}{(start + LongestLine < line.Length ? "…" : "")}";
    }

    private static int FirstDifference(string saved, string now)
    {
        var position = saved.AsSpan().CommonPrefixLength(now);
        return position - (saved.AsSpan(0, position).LastIndexOf('\n') + 1);
    }
}
