using System.Text;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis.Text;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>A text that knows which cell each of its lines comes from.</summary>
internal sealed class AppText
{
    private readonly StringBuilder _text = new();
    private readonly List<NotebookCell?> _lines = [];

    /// <summary>Adds whole lines, those of a cell or of none, with a blank line before them.</summary>
    public void Add(NotebookCell? cell, string part)
    {
        if (part.Length == 0) return;
        var lines = (_lines.Count == 0 ? part : "\n" + part).TrimEnd('\n') + "\n";
        _text.Append(lines);
        // As the compiler counts them, which knows more line breaks than one. The last is empty.
        _lines.AddRange(Enumerable.Repeat(cell, SourceText.From(lines).Lines.Count - 1));
    }

    /// <summary>The cell that a line comes from, counted from 0.</summary>
    public NotebookCell? CellAt(int line) => _lines[Math.Min(line, _lines.Count - 1)];

    public override string ToString() => _text.ToString();
}
