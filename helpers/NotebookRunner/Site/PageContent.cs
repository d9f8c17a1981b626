using System.Text;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Texts;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// The cells of a notebook as HTML: prose, code, and what the run gave. Prose tagged <c>answer</c> is folded, together
/// with what the code cells right above it show. Explorers are never folded.
/// </summary>
internal static class PageContent
{
    public static string Of(NotebookRun run, Prose prose, PageParts parts)
    {
        var html = new StringBuilder();
        var (cells, runs) = (run.Notebook.Cells, run.Cells.ToDictionary(cell => cell.Cell));
        // What the end of a fold is, while one is open.
        var end = "";
        foreach (var (index, cell) in cells.Index())
        {
            if (!cell.Answers)
            {
                html.Append(end);
                end = "";
            }
            else if (end.Length == 0)
            {
                html.Append(Fold("the answer")).Append('\n');
                end = "</details>\n";
            }

            if (cell.Type == "markdown")
                html.Append("<section class=\"prose\">\n")
                    .Append(prose.ToHtml(cell.Source, name => parts.Attached(cell, name))).Append("</section>\n");
            else prose.Words[^1].Text.Append(cell.Source).Append(' ');
            if (cell.Type == "raw") html.Append(Raw(cell, parts));
            if (cell.Number is null && !cell.IsSkipped) continue;
            var result = cell.IsSkipped ? new CellRun(cell, cell.SavedOutputs, default) : runs.GetValueOrDefault(cell);
            var folds = cells.Skip(index + 1).FirstOrDefault(next => next.Type != "code") is { Answers: true };
            var answerFollows = result is not null && cells.ElementAtOrDefault(index + 1) is { Answers: true };
            html.Append(Code(cell)).Append(result is null
                ? "<p class=\"not-run\">This cell was not run, since one above it failed.</p>\n"
                : Result(result, folds, answerFollows, parts));
            if (answerFollows) end = "</details>\n</section>\n";
            else html.Append("</section>\n");
        }

        return html.Append(end).ToString();
    }

    private static string Raw(NotebookCell cell, PageParts parts)
    {
        var pictures = cell.Attachments.Keys.Select(name =>
            parts.Attached(cell, name) is { } address ? HtmlFile.Image(address, name) : "");
        return $"<section class=\"raw\"><small>Raw</small>\n{OutputHtml.Text(cell.Source)}\n"
            + $"{string.Concat(pictures)}</section>\n";
    }

    private static string Code(NotebookCell cell)
    {
        var number = $"<span class=\"number\" aria-hidden=\"true\">[{cell.Number}]</span>";
        var place = cell.IsSkipped ? "" : $" id=\"cell-{cell.Number}\" aria-label=\"Cell {cell.Number}\"";
        return $"""
            <section class="cell"{place}>
            <div class="code">{number}<pre><code>{CSharpHighlighter.ToHtml(cell.Source)}</code></pre></div>

            """;
    }

    // The answer follows in the last fold, which stays open for it.
    private static string Result(CellRun run, bool folds, bool answerFollows, PageParts parts)
    {
        var outputs = run.Outputs.ToLookup(
            output => folds && !output.Drawings.Any(drawing => drawing.IsExplorer),
            output => $"<div class=\"output{(OutputHtml.IsRunningText(output) ? " flows" : "")}\">"
                + $"{OutputHtml.Of(output, parts)}</div>\n");
        var failure = run.Failure is null ? "" : "<div class=\"failure\"><strong>This cell failed.</strong>"
            + $"{OutputHtml.Text(run.Failure)}</div>\n";
        var hidden = $"what the cell gives<span class=\"hidden\"> (cell {run.Cell.Number})</span>";
        var fold = answerFollows || outputs[true].Any() ? $"{Fold(hidden)}\n{string.Concat(outputs[true])}" : "";
        return string.Concat(outputs[false]) + failure + fold
            + (fold.Length == 0 || answerFollows ? "" : "</details>\n");
    }

    private static string Fold(string what) =>
        $"<details class=\"answer\"><summary>Your prediction first. Then open {what}</summary>";
}
