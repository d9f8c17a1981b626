using System.Collections.Concurrent;
using System.Text;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.DotNet.Interactive.Formatting;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>
/// Collects what one notebook prints, in order; consecutive text of a stream is one output, as in Jupyter. What its
/// cells started, such as threads, timers and tasks, belongs to it wherever it runs and whatever it prints to.
/// </summary>
internal sealed class OutputCapture
{
    /// <summary>The most characters that a cell may print.</summary>
    public const int Limit = 1_000_000;

    // .NET hands it on to whatever is started, and tells of each thread that takes or leaves it.
    private static readonly AsyncLocal<OutputCapture?> _inherited = new(Notice);
    private static readonly ConcurrentDictionary<Thread, OutputCapture> _threads = [];

    [ThreadStatic]
    private static OutputCapture? _before;

    /// <summary>The most characters that a displayed value may have: a chart that the helper draws has fewer.</summary>
    public static int Most(string mime) => mime == HtmlFormatter.MimeType ? 25 * ChartValues.Most : Limit;

    private readonly List<(string Name, StringBuilder Text)> _streams = [];
    private readonly Lock _lock = new();
    private int _length;
    private bool _isClosed;
    private volatile bool _goesOn;

    public OutputCapture()
    {
        Out = new StreamWriter(this, "stdout");
        Error = new StreamWriter(this, "stderr");
    }

    /// <summary>Of the notebook that this thread works for, or worked for until a moment ago.</summary>
    public static OutputCapture? OfThread => _inherited.Value ?? _before;

    /// <summary>Whether anything that a cell started, or one that was given up, still runs in this process.</summary>
    public static bool AnyRuns => _threads.Keys.Any(thread => thread.IsAlive);

    /// <summary>Whether no other notebook left anything that runs now.</summary>
    public bool RunsAlone => _threads.Values.All(owner => owner == this);

    /// <summary>What the notebook's Console writes to.</summary>
    public TextWriter Out { get; }

    /// <summary>What the notebook's Console writes errors to.</summary>
    public TextWriter Error { get; }

    /// <summary>Is told of all that is printed, where the process may end before it is shown.</summary>
    public Action<string>? Copy { private get; set; }

    /// <summary>Whether the cell tried to print more than <see cref="Limit"/>.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Whether something that a cell started went on after the notebook's end.</summary>
    public bool GoesOn => _goesOn;

    /// <summary>What the cell printed so far.</summary>
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

    /// <summary>Makes this thread, until its work ends, one of the notebook, and the Console the notebook's.</summary>
    public void Enter()
    {
        _inherited.Value = this;
        Console.SetIn(TextReader.Null);
        Console.SetOut(Out);
        Console.SetError(Error);
    }

    /// <summary>Gives what the cell printed. What is printed from now on belongs to the next.</summary>
    public IReadOnlyList<CellOutput> Take()
    {
        lock (_lock)
        {
            var outputs = Outputs;
            _streams.Clear();
            (_length, Overflowed) = (0, false);
            return outputs;
        }
    }

    /// <summary>Ends the notebook: what it left running prints into no output. What just ends may end.</summary>
    public void Close(TimeSpan patience)
    {
        lock (_lock) _isClosed = true;
        _goesOn |= !SpinWait.SpinUntil(
            () => !_threads.Any(thread => thread.Value == this && thread.Key.IsAlive), patience);
    }

    private static void Notice(AsyncLocalValueChangedArgs<OutputCapture?> change)
    {
        _before = change.PreviousValue;
        if (change.CurrentValue is null) _threads.TryRemove(Thread.CurrentThread, out _);
        else
        {
            _threads[Thread.CurrentThread] = change.CurrentValue;
            if (change.CurrentValue._isClosed) change.CurrentValue._goesOn = true;
        }
    }

    private void Append(string name, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (text.IsEmpty) return;
            if (_isClosed)
            {
                _goesOn = true;
                return;
            }

            Overflowed |= _length + text.Length > Limit;
            if (Overflowed) throw new IOException($"The cell printed more than {Limit:N0} characters.");
            if (_streams.Count == 0 || _streams[^1].Name != name) _streams.Add((name, new()));
            _streams[^1].Text.Append(text);
            _length += text.Length;
            Copy?.Invoke(text.ToString());
        }
    }

    private sealed class StreamWriter(OutputCapture capture, string name) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        // TextWriter passes all that is longer on to the second.
        public override void Write(char value) => Write([value], 0, 1);

        public override void Write(char[] buffer, int index, int count) =>
            (_inherited.Value ?? capture).Append(name, buffer.AsSpan(index, count));
    }
}
