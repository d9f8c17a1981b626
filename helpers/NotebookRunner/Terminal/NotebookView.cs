using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Texts;
using Spectre.Console;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>A notebook that was run, as text: its prose, its code, and what the code gave. Where it wraps, code and
/// outputs, too, are never wider than the console.</summary>
internal sealed class NotebookView(IAnsiConsole console, bool wraps)
{
    private const int WidestProse = 100;
    private const string Bar = "▏ ";

    private static readonly TimeSpan _notable = TimeSpan.FromSeconds(0.5);
    private static readonly Style _dim = new(Color.Grey), _wrong = new(Color.Red);

    private readonly int _width = console.Profile.Width;

    public void Write(NotebookRun run)
    {
        var title = Markup.Escape(VisibleText.Of(run.Notebook.Name));
        console.Write(new Rule($"[bold]{title}[/]") { Justification = Justify.Left });
        console.WriteLine();
        var runs = run.Cells.ToDictionary(cell => cell.Cell);
        foreach (var cell in run.Notebook.Cells)
            if (runs.TryGetValue(cell, out var result)) Write(result);
            else if (cell.Type == "markdown")
                TerminalMarkdown.Write(cell.Source, console, Math.Min(_width, WidestProse));
            else if (cell.Type == "raw")
            {
                Write([($"raw:\n{ScreenText.Of(cell.Source.ReplaceLineEndings("\n"))}", _dim)]);
                console.WriteLine();
            }
            else if (cell.Number is not null) return;
    }

    private void Write(CellRun run)
    {
        var code = CSharpHighlighter.Pieces(run.Cell.Source.ReplaceLineEndings("\n").TrimEnd())
            .Select(piece => (piece.Text, StyleOf(piece.Kind)));
        console.Write(new Preformatted(code, $"[{run.Cell.Number}]", " │ ", wraps));
        foreach (var output in run.Outputs)
            Write(wraps && WideTable.Of(output, _width) is { } table
                ? [(table, Style.Plain)] : TintedText.Of(output));
        if (wraps && run.Failure is not null) Write([(run.Failure, _wrong)]);
        if (run.Elapsed > _notable) Write([($"({run.Elapsed.TotalSeconds:0.0} s)", _dim)]);
        console.WriteLine();
    }

    // The bar sets an output apart, where it does not cost a line its place.
    private void Write(IReadOnlyList<(string Text, Style Style)> pieces)
    {
        var widest = string.Concat(pieces.Select(piece => piece.Text)).Split('\n').Max(Preformatted.Columns);
        console.Write(new Preformatted(pieces, "", wraps && widest + Bar.Length <= _width ? Bar : "", wraps));
    }

    private static Style StyleOf(string? kind) => kind switch
    {
        "keyword" => new(Color.Blue),
        "string" => new(Color.Olive),
        "number-literal" => new(Color.Teal),
        "comment" => new(Color.Green),
        "directive" => new(Color.Purple),
        _ => Style.Plain,
    };
}
