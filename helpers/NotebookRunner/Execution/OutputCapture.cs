using System.Text;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.DotNet.Interactive.Formatting;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>Collects what a cell prints, in order; consecutive text of a stream is one output, as in Jupyter.</summary>
internal sealed class OutputCapture
{
    /// <summary>The most characters that a cell may print.</summary>
    public const int Limit = 1_000_000;

    /// <summary>The most characters that a displayed value may have: a chart that the helper draws has fewer.</summary>
    public static int Most(string mime) => mime == HtmlFormatter.MimeType ? 25 * ChartValues.Most : Limit;

    private readonly List<(string Name, StringBuilder Text)> _streams = [];
    private readonly Lock _lock = new();
    private int _length;

    public OutputCapture()
    {
        Out = new StreamWriter(this, "stdout");
        Error = new StreamWriter(this, "stderr");
    }

    /// <summary>What the cell's Console writes to.</summary>
    public TextWriter Out { get; }

    /// <summary>What the cell's Console writes errors to.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether the cell tried to print more than <see cref="Limit"/>.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>What was printed so far.</summary>
    public IReadOnlyList<CellOutput> Outputs
    {
        get
        {
            lock (_lock)
                return [.. _streams.Select(stream =>
                    CellOutput.Stream(stream.Name, Normalize(stream.Text.ToString())))];
        }
    }

    /// <summary>
    /// Gives text the line breaks that it has on Linux, so that an output is the same on every system; and U+FFFD for
    /// half a character, which no file could hold.
    /// </summary>
    public static string Normalize(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal)));

    private void Append(string name, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (text.IsEmpty) return;
            Overflowed |= _length + text.Length > Limit;
            if (Overflowed) throw new IOException($"The cell printed more than {Limit:N0} characters.");
            if (_streams.Count == 0 || _streams[^1].Name != name) _streams.Add((name, new()));
            _streams[^1].Text.Append(text);
            _length += text.Length;
        }
    }

    private sealed class StreamWriter(OutputCapture capture, string name) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        // TextWriter passes all that is longer on to the second.
        public override void Write(char value) => capture.Append(name, [value]);

        public override void Write(char[] buffer, int index, int count) =>
            capture.Append(name, buffer.AsSpan(index, count));
    }
}
