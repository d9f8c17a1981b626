using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace GptEmbeddings.NotebookRunner.Comparison;

/// <summary>Tells readers how two texts differ.</summary>
internal static class TextDifference
{
    private const int Context = 1;
    private const int LongestLine = 160;
    private const int MostTold = 5;

    // The time to compare texts grows with the square of their lines, and nobody reads more.
    private const int MostLines = 500;

    /// <summary>The lines that differ, <c>-</c> saved and <c>+</c> now, with their neighbors.</summary>
    public static IEnumerable<string> Lines(string title, string saved, string now)
    {
        yield return $"{title}: - saved, + now";
        var position = saved.AsSpan().CommonPrefixLength(now);
        var difference = position - StartOfLine(saved, position);
        var (savedPart, nowPart) = Part(saved, now);
        var lines = InlineDiffBuilder.Diff(savedPart, nowPart, ignoreWhiteSpace: false).Lines;
        var changes = lines.Index().Where(line => line.Item.Type != ChangeType.Unchanged)
            .Select(line => line.Index).ToList();
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

    /// <summary>The numbers that differ, each with its line as it is saved and now.</summary>
    public static IEnumerable<string> Numbers(
        string title, string saved, string now, IReadOnlyList<(PrintedNumber Saved, PrintedNumber Now)> numbers)
    {
        foreach (var line in numbers.GroupBy(pair => LineOf(saved, pair.Saved.Start)).Take(MostTold))
        {
            var told = line.Select(pair => $"{pair.Saved.Text} saved, {pair.Now.Text} now");
            yield return $"{title}, line {line.Key + 1}: {string.Join("; ", told.Take(MostTold))}";
            yield return $"- {LineAt(saved, line.First().Saved.Start)}";
            yield return $"+ {LineAt(now, line.First().Now.Start)}";
        }

        if (numbers.Count > 1) yield return $"  {numbers.Count} numbers differ.";
    }

    /// <summary>The first few of many differences.</summary>
    public static IEnumerable<string> Few(string title, IReadOnlyList<string> differences) =>
        differences.Take(MostTold).Select(difference => $"{title}{difference}").Concat(
            differences.Count > MostTold ? [$"  … and {differences.Count - MostTold} more"] : []);

    private static int LineOf(string text, int position) => text.AsSpan(0, position).Count('\n');

    private static string LineAt(string text, int position)
    {
        var start = StartOfLine(text, position);
        return Shorten(text[start..].Split('\n', 2)[0], position - start);
    }

    private static int StartOfLine(string text, int position) => text.AsSpan(0, position).LastIndexOf('\n') + 1;

    // Of long texts only the lines from just before the first difference on.
    private static (string Saved, string Now) Part(string saved, string now)
    {
        if (saved.AsSpan().Count('\n') < MostLines && now.AsSpan().Count('\n') < MostLines) return (saved, now);
        var start = saved.AsSpan().CommonPrefixLength(now);
        for (var i = 0; i <= Context; i++) start = StartOfLine(saved, Math.Max(start - i, 0));
        return (FirstLines(saved[start..]), FirstLines(now[start..]));
    }

    private static string FirstLines(string text) => string.Join('\n', text.Split('\n').Take(MostLines));

    // Only HTML and scripts have such lines: shows the part where the two begin to differ.
    private static string Shorten(string line, int difference)
    {
        if (line.Length <= LongestLine) return line;
        var start = Math.Clamp(difference - LongestLine / 4, 0, line.Length - LongestLine);
        var (before, after) = (start > 0 ? "…" : "", start + LongestLine < line.Length ? "…" : "");
        return $"{before}{line.AsSpan(start, LongestLine)}{after}";
    }
}
