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

    private Queue<NotebookCell> _cells = [];

    public void Write(NotebookRun run)
    {
        Begin(run.Notebook);
        foreach (var cell in run.Cells)
        {
            Begin(cell.Cell);
            End(cell, cell.Outputs);
        }

        End();
    }

    /// <summary>Writes the title.</summary>
    public void Begin(NotebookFile notebook)
    {
        var title = Markup.Escape(VisibleText.Of(notebook.Name));
        console.Write(new Rule($"[bold]{title}[/]") { Justification = Justify.Left });
        console.WriteLine();
        _cells = new(notebook.Cells);
    }

    /// <summary>Writes a cell's code, after the prose before it.</summary>
    public void Begin(NotebookCell cell)
    {
        while (_cells.TryDequeue(out var before) && before != cell) WritePassed(before);
        WriteCode(cell);
    }

    private void WriteCode(NotebookCell cell)
    {
        var code = CSharpHighlighter.Pieces(cell.Source.ReplaceLineEndings("\n").TrimEnd())
            .Select(piece => (piece.Text, StyleOf(piece.Kind)));
        console.Write(new Preformatted(code, $"[{cell.Number}]", " │ ", wraps));
    }

    /// <summary>Writes what a cell gave, as far as it is not written yet.</summary>
    public void End(CellRun run, IEnumerable<CellOutput> outputs)
    {
        foreach (var output in outputs)
            Write(wraps && WideTable.Of(output, _width) is { } table
                ? [(table, Style.Plain)] : TintedText.Of(output));
        if (wraps && run.Failure is not null) Write([(run.Failure, _wrong)]);
        if (run.Elapsed > _notable) Write([($"({run.Elapsed.TotalSeconds:0.0} s)", _dim)]);
        console.WriteLine();
    }

    /// <summary>Writes the prose up to the next code, where the run ended.</summary>
    public void End()
    {
        while (_cells.TryPeek(out var next) && next.Number is null) WritePassed(_cells.Dequeue());
    }

    private void WritePassed(NotebookCell cell)
    {
        if (cell.Type == "markdown") TerminalMarkdown.Write(cell.Source, console, Math.Min(_width, WidestProse));
        if (cell.Type == "raw")
        {
            Write([($"raw:\n{ScreenText.Of(cell.Source.ReplaceLineEndings("\n"))}", _dim)]);
            console.WriteLine();
        }

        if (!cell.IsSkipped) return;
        WriteCode(cell);
        End(new(cell, cell.SavedOutputs, default), cell.SavedOutputs);
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
