using System.Text;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Texts;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// The cells of a notebook as HTML: prose, code, and what the run gave. What answers a <em>Predict</em> is folded: all
/// that the code cells show between that prose and the next.
/// </summary>
internal static class PageContent
{
    public static string Of(NotebookRun run, Prose prose, PageParts parts)
    {
        var html = new StringBuilder();
        var runs = run.Cells.ToDictionary(cell => cell.Cell);
        var (predicts, answered) = (false, false);
        foreach (var cell in run.Notebook.Cells)
        {
            if (cell.Number is not null)
            {
                prose.Words[^1].Text.Append(cell.Source).Append(' ');
                html.Append(Code(cell, runs.TryGetValue(cell, out var result) ? Result(result, predicts, parts)
                    : "<p class=\"not-run\">This cell was not run, since one above it failed.</p>\n"));
            }
            else if (cell.IsSkipped)
                html.Append(Code(cell, Result(new(cell, cell.SavedOutputs, default), folds: false, parts)));
            else if (cell.Type == "markdown")
                html.Append("<section class=\"prose\">\n").Append(prose.ToHtml(cell.Source)).Append("</section>\n");

            if (cell.Type == "markdown") predicts = prose.AsksToPredict || predicts && !answered;
            answered = cell.Number is not null;
        }

        return html.ToString();
    }

    private static string Code(NotebookCell cell, string result)
    {
        var number = $"<span class=\"number\" aria-hidden=\"true\">[{cell.Number}]</span>";
        var place = cell.IsSkipped ? "" : $" id=\"cell-{cell.Number}\" aria-label=\"Cell {cell.Number}\"";
        return $"""
            <section class="cell"{place}>
            <div class="code">{number}<pre><code>{CSharpHighlighter.ToHtml(cell.Source)}</code></pre></div>
            {result}</section>

            """;
    }

    private static string Result(CellRun run, bool folds, PageParts parts)
    {
        var outputs = string.Concat(run.Outputs.Select(output =>
            $"<div class=\"output\">{OutputHtml.Of(output, parts)}</div>\n"));
        if (folds && run.Outputs.Count > 0)
            outputs = "<details class=\"answer\"><summary>Your prediction first. Then open what the cell gives"
                + $"<span class=\"hidden\"> (cell {run.Cell.Number})</span></summary>\n{outputs}</details>\n";
        return run.Failure is null ? outputs : outputs + "<div class=\"failure\"><strong>This cell failed.</strong>"
            + $"<pre>{Html.Encode(run.Failure)}</pre></div>\n";
    }
}
