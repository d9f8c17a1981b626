using System.Net;
using System.Text;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Texts;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// The cells of a notebook as HTML: prose, code, and what the run gave. What answers a <em>Predict</em> is folded: all
/// that the code cells show between that prose and the next.
/// </summary>
/// <param name="prose">Renders the prose.</param>
/// <param name="parts">Takes the outputs apart.</param>
internal sealed class PageContent(Prose prose, PageParts parts)
{
    private readonly StringBuilder _html = new();

    /// <summary>Gives the HTML.</summary>
    public static string Of(NotebookRun run, Prose prose, PageParts parts)
    {
        var content = new PageContent(prose, parts);
        var runs = run.Cells.ToDictionary(cell => cell.Cell);
        var (predicts, answered) = (false, false);
        foreach (var cell in run.Notebook.Cells)
        {
            if (cell.Number is not null) content.AddCode(cell, runs.GetValueOrDefault(cell), folds: predicts);
            else if (cell.Type == "markdown") content.AddProse(cell);
            if (cell.Type == "markdown") predicts = prose.AsksToPredict || predicts && !answered;
            answered = cell.Number is not null;
        }

        return content._html.ToString();
    }

    private void AddProse(NotebookCell cell) =>
        _html.Append("<section class=\"prose\">\n").Append(prose.ToHtml(cell.Source)).Append("</section>\n");

    private void AddCode(NotebookCell cell, CellRun? run, bool folds)
    {
        prose.Words[^1].Text.Append(cell.Source).Append(' ');
        _html.Append($"""
            <section class="cell" id="cell-{cell.Number}" aria-label="Cell {cell.Number}">
            <div class="code"><span class="number" aria-hidden="true">[{cell.Number}]</span>
            """)
            .Append($"<pre><code>{CSharpHighlighter.ToHtml(cell.Source)}</code></pre></div>\n");
        if (run is null) _html.Append("<p class=\"not-run\">This cell was not run, since one above it failed.</p>\n");
        else AddResult(run, folds);
        _html.Append("</section>\n");
    }

    private void AddResult(CellRun run, bool folds)
    {
        folds = folds && run.Outputs.Count > 0;
        if (folds)
            _html.Append("<details class=\"answer\"><summary>Your prediction first. Then open what the cell gives"
                + $"<span class=\"hidden\"> (cell {run.Cell.Number})</span></summary>\n");
        foreach (var output in run.Outputs)
            _html.Append("<div class=\"output\">").Append(OutputHtml.Of(output, parts)).Append("</div>\n");
        if (folds) _html.Append("</details>\n");
        if (run.Failure is not null)
            _html.Append("<div class=\"failure\"><strong>This cell failed.</strong><pre>")
                .Append(WebUtility.HtmlEncode(run.Failure)).Append("</pre></div>\n");
    }
}
