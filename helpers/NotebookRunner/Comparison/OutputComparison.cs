using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Pictures;

namespace GptEmbeddings.NotebookRunner.Comparison;

/// <summary>
/// Tells how the outputs of a run differ from the saved ones. libtorch computes differently in the last bits from one
/// processor to another, so two outputs are the same when their kinds and their texts are, numbers aside, and their
/// numbers agree: <see cref="PrintedNumber"/> says when, and <see cref="Figures"/> for those of a chart.
/// </summary>
internal static class OutputComparison
{
    private const string PlainText = "text/plain", Html = "text/html";

    /// <summary>Compares one cell. Of one tagged <c>varies</c> the kinds, the code and the scripts that draw
    /// count.</summary>
    public static IReadOnlyList<string> Differences(CellRun run)
    {
        var (saved, now) = (Merge([.. run.Cell.SavedOutputs.Select(ChartPicture.Without)]), Merge(run.Outputs));
        var (savedKinds, nowKinds) = (Kinds(saved), Kinds(now));
        if (savedKinds != nowKinds) return [.. TextDifference.Lines("the kinds of output", savedKinds, nowKinds)];
        if (!run.Cell.Varies) return [.. saved.Zip(now).SelectMany(pair => Differences(pair.First, pair.Second))];
        if (saved.Count > 0 && run.Cell.SavedCodeHash != run.Cell.CodeHash)
            return ["its output is older than its code, or than that of a cell above: `save` makes it anew."];
        return Scripts(saved).SequenceEqual(Scripts(now)) ? []
            : ["its drawing is made by an older script: `save` makes it anew."];
    }

    /// <summary>The run with the saved output, its picture aside, in the place of each that is the same.</summary>
    public static NotebookRun WithSaved(NotebookRun run) => run with { Cells = [.. run.Cells.Select(WithSaved)] };

    private static CellRun WithSaved(CellRun run)
    {
        CellOutput[] saved = [.. run.Cell.SavedOutputs.Select(ChartPicture.Without)];
        if (Differences(run).Count == 0) return run with { Outputs = saved };
        if (run.Cell.Varies || saved.Length != run.Outputs.Count) return run;
        return run with { Outputs = [.. saved.Zip(run.Outputs, (old, now) => IsSame(old, now) ? old : now)] };
    }

    private static bool IsSame(CellOutput saved, CellOutput now) =>
        saved.Kind == now.Kind && !Differences(saved, now).Any();

    // Some tools save every write of a stream on its own.
    private static List<CellOutput> Merge(IReadOnlyList<CellOutput> outputs)
    {
        var merged = new List<CellOutput>();
        foreach (var output in outputs)
            if (output.Type == "stream" && merged.LastOrDefault() is { } last && last.Kind == output.Kind)
                merged[^1] = CellOutput.Stream(
                    output.Parts.Keys.Single(), last.Parts.Values.Single() + output.Parts.Values.Single());
            else
                merged.Add(output);
        return merged;
    }

    private static IEnumerable<string> Scripts(List<CellOutput> outputs) =>
        outputs.SelectMany(output => output.Drawings).Select(drawing => drawing.Script);

    private static string Kinds(List<CellOutput> outputs) =>
        outputs.Count == 0 ? "no output" : string.Join('\n', outputs.Select(output => output.Kind));

    private static IEnumerable<string> Differences(CellOutput saved, CellOutput now)
    {
        var chart = now.Drawings.Count > 0;
        var changed = saved.Parts.Keys.OrderDescending(StringComparer.Ordinal)
            .Select(name => (Name: name, Lines: Differences(name, saved.Parts[name], now.Parts[name], chart)))
            .Where(part => part.Lines.Count > 0).ToList();
        var plainTextChanged = changed.Exists(part => part.Name == PlainText);
        return changed.SelectMany(
            part => part.Name == Html && plainTextChanged ? [$"{Html} differs as well"] : part.Lines);
    }

    private static IReadOnlyList<string> Differences(string name, string saved, string now, bool chart) =>
        saved == now ? []
        : name == Html ? HtmlDifferences(saved, now, chart)
        : TextDifferences(name, saved, now, chart);

    private static IReadOnlyList<string> TextDifferences(string title, string saved, string now, bool chart) =>
        PrintedText.Differences(saved, now, chart) switch
        {
            null => [.. TextDifference.Lines(title, saved, now)],
            { Count: 0 } => [],
            var numbers => [.. TextDifference.Numbers(title, saved, now, numbers)],
        };

    private static IReadOnlyList<string> HtmlDifferences(string savedHtml, string nowHtml, bool chart)
    {
        var (saved, now) = (new HtmlOutput(savedHtml), new HtmlOutput(nowHtml));
        var markup = TextDifferences(Html, saved.Markup, now.Markup, chart);
        var text = markup.Count == 0 ? [] : TextDifferences($"{Html}, its text", saved.Text, now.Text, chart);
        if (markup.Count > 0) return text.Count > 0 ? text : markup;
        if (saved.Text == now.Text && !saved.IsTintedLike(now))
            return [$"{Html}: the colors behind the numbers differ"];
        var figures = saved.Figures.Zip(now.Figures).SelectMany(pair => Figures.Differences(pair.First, pair.Second));
        return [.. TextDifference.Few($"{Html}, figure", [.. figures])];
    }
}
