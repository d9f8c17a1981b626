using System.ComponentModel;
using System.Diagnostics;
using GptEmbeddings.NotebookRunner.Comparison;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Execution.Compiling;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Pictures;
using GptEmbeddings.NotebookRunner.Site;
using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner;

/// <summary>Runs notebooks one after the other in this process; shows, checks or saves what comes of them.</summary>
internal sealed class Runner(RunnerMode mode, TimeSpan timeout, TerminalReport report) : IDisposable
{
    /// <summary>Exit code: every cell ran, and nothing drifted.</summary>
    public const int AllWell = 0;

    /// <summary>Exit code: a cell failed, or its outputs drifted.</summary>
    public const int Failed = 1;

    /// <summary>Exit code: the request itself is wrong.</summary>
    public const int WrongRequest = 2;

    /// <summary>Exit code: the user stopped the run.</summary>
    public const int Stopped = 130;

    private readonly List<NotebookRun> _runs = [];
    private readonly List<string> _problems = [];
    private readonly ChartPictures _pictures = new();

    /// <summary>Runs the named notebooks, or all of the repository; writes pages where a site is named.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="RequestException">Nothing was run: the request is wrong.</exception>
    public int Run(IReadOnlyList<string> paths, string? site, bool open, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var notebooks = NotebookPaths.Load(paths, Problem);
        var found = notebooks.Count + _problems.Count;
        var pages = site is null ? null : new SiteFolder(site, SiteWriter.Addresses(notebooks));
        if (mode == RunnerMode.Save)
            foreach (var notebook in notebooks) notebook.RequireSavable();
        RunAll(notebooks, cancellation);
        report.End(_runs, clock.Elapsed);
        if (pages is not null) WritePages(pages, _runs.Count == notebooks.Count, open);
        if (_problems.Count == 0) return AllWell;
        report.Error($"{_problems.Count} of {found} failed:\n{string.Join('\n', _problems)}");
        return Failed;
    }

    public void Dispose() => _pictures.Dispose();

    private void RunAll(IReadOnlyList<NotebookFile> notebooks, CancellationToken cancellation)
    {
        using var processEnd = new ProcessEnd(report, Failed);
        var compiler = new NotebookCompiler(notebooks);
        var usesTorch = Task.Run(() => WarmUp(notebooks), cancellation);
        var ended = new List<NotebookSession>();
        foreach (var (index, notebook) in notebooks.Index())
        {
            report.Begin(notebook, index + 1, notebooks.Count);
            using (var session = new NotebookSession(notebook, compiler, usesTorch.GetAwaiter().GetResult()))
            {
                _runs.Add(Run(notebook, session, processEnd, cancellation));
                ended.Add(session);
            }

            Finish(_runs[^1], cancellation);
            if (ended[^1].Hangs)
            {
                foreach (var next in notebooks.Skip(index + 1))
                    Problem($"{next.Label}: not run, since {notebook.Label} hangs.");
                return;
            }

            foreach (var session in ended.Where(session => session.Capture.GoesOn).ToList())
            {
                ended.Remove(session);
                report.Warning($"{session.Label}: something that it started, a thread, a timer or a task, goes on "
                    + "after its last cell. What that prints is in no output.");
            }
        }
    }

    private NotebookRun Run(
        NotebookFile notebook, NotebookSession session, ProcessEnd processEnd, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var count = notebook.CodeCells.Count();
        var runs = new List<CellRun>();
        foreach (var cell in notebook.CodeCells)
        {
            report.Begin(cell, count);
            processEnd.Begin($"{notebook.Label}, {cell.Label}", session.Capture);
            runs.Add(session.Run(cell, timeout, () => report.Printed(session.Capture.Outputs), cancellation));
            processEnd.End();
            report.End(runs[^1]);
            if (runs[^1].Failure is not null) break;
        }

        return new(notebook, runs, clock.Elapsed);
    }

    private void Finish(NotebookRun run, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var verdict = "failed";
        if (run.Failed is { } failed)
        {
            var cell = $"{run.Notebook.Label}, {failed.Cell.Label}";
            report.Failure(cell, failed.Outputs, failed.Failure!);
            _problems.Add(cell);
        }
        else
            verdict = mode switch
            {
                RunnerMode.Check => Check(run) ? "ok" : "drift",
                RunnerMode.Save => Save(run, cancellation),
                _ => "ok",
            };
        report.End(run with { Elapsed = run.Elapsed + clock.Elapsed }, verdict);
    }

    private bool Check(NotebookRun run)
    {
        var drifted = 0;
        foreach (var cell in run.Cells)
        {
            var pictures = cell.Cell.SavedOutputs.Select(ChartPicture.Problem).OfType<string>();
            IReadOnlyList<string> differences = [.. OutputComparison.Differences(cell), .. pictures];
            if (differences.Count == 0) continue;
            drifted++;
            report.Error($"{run.Notebook.Label}, {cell.Cell.Label}\n{string.Join('\n', differences)}");
        }

        if (drifted > 0) _problems.Add($"{run.Notebook.Label}: {drifted} of {run.Cells.Count} cells drifted");
        return drifted == 0;
    }

    private string Save(NotebookRun run, CancellationToken cancellation)
    {
        try
        {
            var (pictured, missing) = _pictures.AddTo(OutputComparison.WithSaved(run), report.Progress, cancellation);
            foreach (var cell in pictured.Cells) cell.Cell.SetOutputs(cell.Outputs);
            var verdict = run.Notebook.Save() ? "saved" : "unchanged";
            if (missing is not null) Problem($"{run.Notebook.Label}: {missing}");
            if (run.Notebook.RepeatedIds is > 0 and var repeated)
                report.Warning(
                    $"{run.Notebook.Label}: {repeated} of its cells had the id of another. They got new ones.");
            return verdict;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Problem($"{run.Notebook.Label}: {problem.Message}");
            return "not saved";
        }
    }

    private void WritePages(SiteFolder folder, bool allRan, bool open)
    {
        var index = Path.Combine(folder.FullPath, "index.html");
        if (!allRan && File.Exists(index))
        {
            report.Warning("the pages stay as they were, since not all notebooks were run.");
            return;
        }

        try
        {
            index = SiteWriter.Write(_runs, folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Problem($"the pages were not written: {problem.Message}");
            return;
        }

        report.Pages(index);
        try
        {
            if (open) Process.Start(new ProcessStartInfo(index) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception problem) when (problem is Win32Exception or IOException)
        {
            report.Error(
                $"the pages are written, but no browser could be opened: {problem.Message}. Open the file yourself.");
        }
    }

    private void Problem(string message)
    {
        report.Error(message);
        _problems.Add(message.Split('\n')[0]);
    }

    private static bool WarmUp(IReadOnlyList<NotebookFile> notebooks)
    {
        var cells = notebooks.SelectMany(notebook => notebook.CodeCells);
        if (!cells.Any(cell => cell.Source.Contains("TorchSharp", StringComparison.Ordinal))) return false;
        try
        {
            TorchState.WarmUp();
            return true;
        }
        catch (TorchLoadException)
        {
            // The first cell that needs libtorch tells why it does not load.
            return false;
        }
    }
}
