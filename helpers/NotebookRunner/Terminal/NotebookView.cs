using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>A notebook while it runs, as plain text: its prose as it is written, its code, and what the code gave.
/// </summary>
internal sealed class NotebookView(TextWriter output)
{
    private static readonly TimeSpan _notable = TimeSpan.FromSeconds(0.5);

    private Queue<NotebookCell> _cells = [];

    /// <summary>Writes the title.</summary>
    public void Begin(NotebookFile notebook)
    {
        Write($"── {notebook.Label} ──\n");
        _cells = new(notebook.Cells);
    }

    /// <summary>Writes a cell's code, after the prose before it.</summary>
    public void Begin(NotebookCell cell)
    {
        while (_cells.TryDequeue(out var before) && before != cell) WritePassed(before);
        WriteCode(cell);
    }

    /// <summary>Writes what a cell gave, as far as it is not written yet.</summary>
    public void End(CellRun run, IEnumerable<CellOutput> outputs)
    {
        foreach (var shown in outputs) Write(Text(shown));
        Write(run.Elapsed > _notable ? $"({run.Elapsed.TotalSeconds:0.0} s)\n" : "");
    }

    /// <summary>Writes the prose up to the next code, where the run ended.</summary>
    public void End()
    {
        while (_cells.TryPeek(out var next) && next.Number is null) WritePassed(_cells.Dequeue());
    }

    private void WritePassed(NotebookCell cell)
    {
        if (cell.Type is "markdown" or "raw") Write(ScreenText.Of(cell.Source.ReplaceLineEndings("\n")) + "\n");
        if (!cell.IsSkipped) return;
        WriteCode(cell);
        End(new(cell, cell.SavedOutputs, default), cell.SavedOutputs);
    }

    private void WriteCode(NotebookCell cell)
    {
        var number = $"[{cell.Number}]";
        foreach (var (index, line) in cell.Source.ReplaceLineEndings("\n").TrimEnd().Split('\n').Index())
            Write($"{(index == 0 ? number : new(' ', number.Length))} │ {line}".TrimEnd());
    }

    private static string Text(CellOutput output)
    {
        if (output.Parts.TryGetValue("text/plain", out var plain)) return ScreenText.Of(plain).TrimEnd('\n');
        if (output.Parts.TryGetValue("text/html", out var html)) return HtmlText.Of(html);
        return output.Type is "stream" or "error"
            ? ScreenText.Of(output.Parts.Values.Single()).TrimEnd('\n') : $"({output.Kind})";
    }

    private void Write(string text) => output.WriteLine(VisibleText.Of(text));
}
