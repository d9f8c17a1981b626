using System.Diagnostics;
using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>Notices a cell that ends the process, which would else name no cell, or even look like success.</summary>
/// <remarks>
/// No .NET code runs after an overflow of the stack or an error in native code. So a shell is told which cell runs;
/// when its input ends and a cell still runs, it says so.
/// </remarks>
internal sealed class ProcessEnd : IDisposable
{
    // What stops this process does not stop the shell, which ends with its input.
    private const string Watch = """
        trap '' INT TERM HUP
        while IFS= read -r line; do cell=$line; done
        [ -z "$cell" ] || printf 'error: %s\n  %s\n' "$cell" "$0" >&2
        """;

    private const string Died = "the process ended while it ran, as a call without end (stack overflow) or an error in "
        + "native code makes it. Nothing after it was run.";

    private readonly TerminalReport _report;
    private readonly int _exitCode;
    private readonly Task<Process?> _watcher = Task.Run(StartWatcher);
    private string? _cell;

    /// <summary>Watches over the cells; a cell that ends the process by itself makes its exit code this one.</summary>
    public ProcessEnd(TerminalReport report, int exitCode)
    {
        (_report, _exitCode) = (report, exitCode);
        AppDomain.CurrentDomain.ProcessExit += ReportExit;
        AppDomain.CurrentDomain.UnhandledException += ReportException;
    }

    /// <summary>The cell that runs now.</summary>
    public string? Cell
    {
        set
        {
            Volatile.Write(ref _cell, value);
            try
            {
                _watcher.Result?.StandardInput.WriteLine(VisibleText.OfMessage(value ?? ""));
            }
            catch (IOException)
            {
                // Somebody ended the shell.
            }
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= ReportExit;
        AppDomain.CurrentDomain.UnhandledException -= ReportException;
        Cell = null;
        _watcher.Result?.Dispose();
    }

    private static Process? StartWatcher() => OperatingSystem.IsWindows() ? null
        : Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Watch, Died]) { RedirectStandardInput = true });

    private void ReportExit(object? sender, EventArgs e)
    {
        if (Volatile.Read(ref _cell) is not { } cell) return;
        _report.Error($"{cell}\nit ends the process (Environment.Exit). Nothing after it was run.");
        Cell = null;
        Environment.ExitCode = _exitCode;
    }

    private void ReportException(object? sender, UnhandledExceptionEventArgs e)
    {
        _report.Error($"{Volatile.Read(ref _cell)}\nan exception on a thread that a cell started ends the process.");
        Cell = null;
    }
}
