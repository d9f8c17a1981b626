using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using Spectre.Console;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>Shows the run as it goes: to be read on a terminal, and as plain lines anywhere else.</summary>
internal sealed class TerminalReport
{
    private const int PlainWidth = 100, LeastWidth = 20, LinesOfFailure = 20;

    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly IAnsiConsole _console;
    private readonly bool _isTerminal;
    private readonly Lock _printing = new();
    private NotebookView? _view;
    private string _place = "";
    private int _progress, _printed;

    public TerminalReport(TextWriter output, TextWriter errors)
    {
        (_output, _errors) = (output, errors);
        _isTerminal = output == Console.Out && !Console.IsOutputRedirected;
        var hasColors = _isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        _console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = hasColors ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = hasColors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Enrichment = new() { UseDefaultEnrichers = false },
        });
        _console.Profile.Capabilities.Unicode = true;
        // With less room than for a letter or two, Spectre.Console never ends.
        _console.Profile.Width = _isTerminal ? Math.Max(LeastWidth, _console.Profile.Width) : PlainWidth;
    }

    /// <summary>Whether notebooks are shown whole, or a line for each only.</summary>
    public bool ShowsCells { private get; set; }

    /// <summary>A notebook begins, the first at place 1. Where it is shown, it is as it runs.</summary>
    public void Begin(NotebookFile notebook, int place, int notebooks)
    {
        _place = $"{place} of {notebooks}: {notebook.Label}";
        _view = ShowsCells ? new(_output) : null;
        _view?.Begin(notebook);
    }

    /// <summary>A cell is about to run: on a terminal that does not show it, told until the next line.</summary>
    public void Begin(NotebookCell cell, int cells)
    {
        _printed = 0;
        if (_view is null) ShowProgress($"cell {cell.Number} of {cells}");
        _view?.Begin(cell);
    }

    /// <summary>A cell still runs, and printed so much.</summary>
    public void Printed(IReadOnlyList<CellOutput> outputs)
    {
        if (_view is not null) WritePrinted(outputs, isEnd: false);
    }

    /// <summary>A cell ended.</summary>
    public void End(CellRun run)
    {
        if (_view is null) return;
        WritePrinted(run.Outputs, isEnd: true);
        _view.End(run, run.Outputs.Where(output => output.Type != "stream"));
    }

    /// <summary>A cell failed: where, what it printed before, if that is not shown yet, and why.</summary>
    public void Failure(string cell, IReadOnlyList<CellOutput> outputs, string failure)
    {
        if (_view is not null) WritePrinted(outputs, isEnd: true);
        var lines = _view is null ? TextOf(outputs).TrimEnd('\n').Split('\n') : [""];
        var printed = string.Join('\n', lines.TakeLast(LinesOfFailure).Select(line => $"  {line}"));
        if (lines.Length > LinesOfFailure) printed = $"  …\n{printed}";
        Error(printed.Trim().Length == 0 ? $"{cell}\n{failure}" : $"{cell}\nit printed:\n{printed}\n{failure}");
    }

    /// <summary>A notebook's charts are being painted: shown like a cell that runs.</summary>
    public void Progress(int painted, int charts) => ShowProgress($"picture {painted + 1} of {charts}");

    /// <summary>A notebook ended, with a verdict in a word or two: ok, saved, …</summary>
    public void End(NotebookRun run, string verdict)
    {
        EraseProgress();
        _view?.End();
        _console.Write(verdict, new Style(run.Failed is null ? Color.Green : Color.Red));
        WriteTotals($" {VisibleText.Of(run.Notebook.Label)}: ", run.Cells.Count, run.Elapsed);
        if (_view is not null) _output.WriteLine();
    }

    /// <summary>The whole run ended.</summary>
    public void End(IReadOnlyCollection<NotebookRun> runs, TimeSpan elapsed) =>
        WriteTotals($"{Count(runs.Count, "notebook")}, ", runs.Sum(run => run.Cells.Count), elapsed);

    /// <summary>The pages are written: their path, as a link where the terminal knows links.</summary>
    public void Pages(string index)
    {
        _output.Write("pages: ");
        // A path that is folded is none. What a Uri takes for an escaped sign is the path's own.
        _console.Profile.Width = int.MaxValue;
        var address = new Uri(index.Replace("%", "%25", StringComparison.Ordinal)).AbsoluteUri;
        _console.Write(new Paragraph(VisibleText.Of(index), Style.Plain, new Link(address)));
        _output.WriteLine();
    }

    /// <summary>A file is written: its path.</summary>
    public void Written(string path) => _output.WriteLine(VisibleText.Of(path.ReplaceLineEndings("␊")));

    /// <summary>Something is wrong: where, what and what to do, the rest of the lines indented.</summary>
    public void Error(string message) => Say("error", message);

    /// <summary>Something is worth to know, and nothing failed.</summary>
    public void Warning(string message) => Say("warning", message);

    /// <summary>Native code wrote this to standard error.</summary>
    public void Said(string text)
    {
        EraseProgress();
        _errors.WriteLine(VisibleText.OfMessage(text.TrimEnd('\n')));
    }

    private void Say(string kind, string message)
    {
        var text = VisibleText.OfMessage(message).Replace("\n", "\n  ", StringComparison.Ordinal);
        try
        {
            EraseProgress();
            _output.Flush();
            _errors.WriteLine($"{kind}: {text}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Nowhere to say it: a full disk, a closed stream. The exit code stays.
        }
    }

    private static string TextOf(IEnumerable<CellOutput> outputs) => string.Concat(outputs
        .Where(output => output.Type == "stream")
        .Select(output => VisibleText.Of(output.Parts.Values.Single()).TrimEnd('\n') + "\n"));

    // What may still change stays back: the end of a line break or of a letter in two parts.
    private void WritePrinted(IReadOnlyList<CellOutput> outputs, bool isEnd)
    {
        var text = TextOf(outputs);
        if (!isEnd && outputs.Count > 0 && !outputs[^1].Parts.Values.Single().EndsWith('\n'))
            text = text.TrimEnd('\n', '␍', '\uFFFD');
        lock (_printing)
        {
            if (text.Length <= _printed) return;
            _output.Write(text[_printed..]);
            _output.Flush();
            _printed = text.Length;
        }
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private void WriteTotals(string subject, int cells, TimeSpan elapsed) =>
        _output.WriteLine($"{subject}{Count(cells, "cell")}, {elapsed.TotalSeconds:0.0} s");

    // A line that wraps could not be erased.
    private void ShowProgress(string step)
    {
        if (!_isTerminal) return;
        EraseProgress();
        var line = VisibleText.Of($"{_place}, {step}");
        line = line[..Math.Clamp(_console.Profile.Width - 1, 0, line.Length)];
        _output.Write(line);
        _progress = line.Length;
    }

    private void EraseProgress()
    {
        if (_progress > 0) _output.Write($"\r{new string(' ', _progress)}\r");
        _progress = 0;
    }
}
