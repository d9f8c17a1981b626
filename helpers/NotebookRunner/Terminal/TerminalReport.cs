using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using Spectre.Console;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>Shows the run as it goes: to be read on a terminal, and as plain lines anywhere else.</summary>
internal sealed class TerminalReport
{
    private const int WidestProse = 100;
    private const string EraseLine = "\r\u001b[2K";
    private static readonly TimeSpan _notable = TimeSpan.FromSeconds(0.5);

    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly IAnsiConsole _console;
    private readonly bool _showsCells;
    private string _place = "";

    /// <summary>Makes a report.</summary>
    /// <param name="output">Where results go.</param>
    /// <param name="errors">Where messages go.</param>
    /// <param name="showsCells">Whether prose, code and outputs are shown, or a line for each notebook only.</param>
    public TerminalReport(TextWriter output, TextWriter errors, bool showsCells)
    {
        var terminal = output == Console.Out && !Console.IsOutputRedirected;
        (_output, _errors, _showsCells) = (output, errors, showsCells);
        _console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Enrichment = new() { UseDefaultEnrichers = false },
        });
        _console.Profile.Capabilities.Unicode = true;
        _console.Profile.Width = terminal ? Math.Min(_console.Profile.Width, WidestProse) : WidestProse;
    }

    /// <summary>A notebook begins.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="place">Its place among those that are run, from 1.</param>
    /// <param name="notebooks">How many are run.</param>
    public void Begin(NotebookFile notebook, int place, int notebooks)
    {
        _place = $"{place} of {notebooks}: {notebook.Label}";
        if (!_showsCells) return;
        _console.Write(new Rule($"[bold]{Markup.Escape(notebook.Name)}[/]") { Justification = Justify.Left });
        _output.WriteLine();
    }

    /// <summary>A cell that does not run.</summary>
    public void Prose(NotebookCell cell)
    {
        if (!_showsCells || cell.Type != "markdown") return;
        EraseProgress();
        foreach (var block in TerminalMarkdown.Render(cell.Source))
        {
            _console.Write(new Rows(block));
            _output.WriteLine();
        }
    }

    /// <summary>A cell is about to run: shown until <see cref="End(CellRun)"/>, on a terminal only.</summary>
    public void Progress(NotebookCell cell, int cells) => ShowProgress($"cell {cell.Number} of {cells}");

    /// <summary>A notebook's charts are being painted: shown like a cell that runs.</summary>
    public void Progress(int painted, int charts) => ShowProgress($"picture {painted + 1} of {charts}");

    /// <summary>A cell ran.</summary>
    public void End(CellRun run)
    {
        EraseProgress();
        if (!_showsCells) return;
        var count = $"[{run.Cell.Number}]";
        foreach (var line in run.Cell.Source.TrimEnd().Split('\n'))
        {
            _console.Markup($"[blue]{Markup.Escape(count)}[/] [grey]│[/] ");
            _output.WriteLine(line.TrimEnd('\r'));
            count = new string(' ', count.Length);
        }

        foreach (var output in run.Outputs) _output.WriteLine(Text(output).TrimEnd('\n'));
        if (run.Elapsed > _notable) _console.MarkupLine($"[grey]({run.Elapsed.TotalSeconds:0.0} s)[/]");
        _output.WriteLine();
    }

    /// <summary>A notebook ended.</summary>
    /// <param name="run">What came of it.</param>
    /// <param name="verdict">A word or two: ok, saved, …</param>
    public void End(NotebookRun run, string verdict)
    {
        EraseProgress();
        _console.Write(verdict, new Style(run.Failed is null ? Color.Green : Color.Red));
        WriteTotals($" {run.Notebook.Label}: ", run.Cells.Count, run.Elapsed);
        if (_showsCells) _output.WriteLine();
    }

    /// <summary>The whole run ended.</summary>
    public void End(IReadOnlyCollection<NotebookRun> runs, TimeSpan elapsed) =>
        WriteTotals($"{Count(runs.Count, "notebook")}, ", runs.Sum(run => run.Cells.Count), elapsed);

    /// <summary>The pages are written: their path, as a link where the terminal knows links.</summary>
    public void Pages(string index) => _output.WriteLine(_console.Profile.Capabilities is { Ansi: true, Links: true }
        ? $"pages: \u001b]8;;{new Uri(index).AbsoluteUri}\u001b\\{index}\u001b]8;;\u001b\\"
        : $"pages: {index}");

    /// <summary>Something is wrong: where, what and what to do, the rest of the lines indented.</summary>
    public void Error(string message)
    {
        EraseProgress();
        _output.Flush();
        _errors.WriteLine($"error: {message.Replace("\n", "\n  ", StringComparison.Ordinal)}");
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private static string Text(CellOutput output)
    {
        if (output.Parts.TryGetValue("text/plain", out var plain)) return plain;
        if (output.Parts.TryGetValue("text/html", out var html)) return HtmlText.Of(html);
        return output.Type == "stream" ? output.Parts.Values.Single() : $"({output.Kind})";
    }

    private void WriteTotals(string subject, int cells, TimeSpan elapsed) =>
        _output.WriteLine($"{subject}{Count(cells, "cell")}, {elapsed.TotalSeconds:0.0} s");

    // A line that wraps could not be erased.
    private void ShowProgress(string step)
    {
        if (!_console.Profile.Capabilities.Ansi) return;
        var line = $"{_place}, {step}";
        _output.Write(EraseLine + line[..Math.Min(line.Length, _console.Profile.Width - 1)]);
    }

    private void EraseProgress()
    {
        if (_console.Profile.Capabilities.Ansi) _output.Write(EraseLine);
    }
}
