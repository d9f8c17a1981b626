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
        var runs = run.Cells.ToDictionary(cell => cell.Cell);
        // What the end of a fold is, while one is open.
        var end = "";
        foreach (var (index, cell) in run.Notebook.Cells.Index())
        {
            if (!cell.Answers)
            {
                html.Append(end);
                end = "";
            }

            if (cell.Number is not null)
            {
                prose.Words[^1].Text.Append(cell.Source).Append(' ');
                var answered = run.Notebook.Cells.Skip(index + 1).FirstOrDefault(next => next.Type != "code")?.Answers;
                var closes = run.Notebook.Cells.ElementAtOrDefault(index + 1)?.Answers;
                html.Append(Code(cell)).Append(runs.TryGetValue(cell, out var result)
                    ? Result(result, answered ?? false, closes ?? false, parts)
                    : "<p class=\"not-run\">This cell was not run, since one above it failed.</p>\n");
                if (closes == true && result is not null) end = "</details>\n</section>\n";
                else html.Append("</section>\n");
            }
            else if (cell.Type == "markdown")
            {
                if (cell.Answers && end.Length == 0)
                {
                    html.Append($"{Fold("the answer")}\n");
                    end = "</details>\n";
                }

                html.Append($"<section class=\"prose\">\n{prose.ToHtml(cell.Source, Attached)}</section>\n");
            }
            else if (cell.Type == "raw")
            {
                prose.Words[^1].Text.Append(cell.Source).Append(' ');
                html.Append($"<section class=\"raw\"><small>Raw</small>\n{OutputHtml.Text(cell.Source)}\n"
                    + $"{string.Concat(cell.Attachments.Keys.Select(Picture))}</section>\n");
            }

            string? Attached(string name) => parts.Attached(cell, name);

            string Picture(string name) => Attached(name) is { } address ? HtmlFile.Image(address, name) : "";
        }

        return html.Append(end).ToString();
    }

    private static string Code(NotebookCell cell)
    {
        var number = $"<span class=\"number\" aria-hidden=\"true\">[{cell.Number}]</span>";
        return $"""
            <section class="cell" id="cell-{cell.Number}" aria-label="Cell {cell.Number}">
            <div class="code">{number}<pre><code>{CSharpHighlighter.ToHtml(cell.Source)}</code></pre></div>

            """;
    }

    // The answer follows in the last fold, which stays open for it.
    private static string Result(CellRun run, bool folds, bool answerFollows, PageParts parts)
    {
        var outputs = run.Outputs.ToLookup(
            output => folds && !output.Drawings.Any(drawing => drawing.IsExplorer),
            output => $"<div class=\"output\">{OutputHtml.Of(output, parts)}</div>\n");
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
