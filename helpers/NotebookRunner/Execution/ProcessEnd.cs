using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>Notices a cell that ends the whole process, which would otherwise name no cell, or even look like
/// success.</summary>
internal sealed class ProcessEnd : IDisposable
{
    private readonly TerminalReport _report;
    private string? _cell;

    /// <summary>Begins to watch.</summary>
    public ProcessEnd(TerminalReport report)
    {
        _report = report;
        AppDomain.CurrentDomain.ProcessExit += ReportExit;
        AppDomain.CurrentDomain.UnhandledException += ReportException;
    }

    /// <summary>The cell that runs now.</summary>
    public string? Cell
    {
        set => Volatile.Write(ref _cell, value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= ReportExit;
        AppDomain.CurrentDomain.UnhandledException -= ReportException;
    }

    private void ReportExit(object? sender, EventArgs e)
    {
        if (Volatile.Read(ref _cell) is not { } cell) return;
        _report.Error($"{cell}\nit ends the process (Environment.Exit). Nothing after it was run.");
        Environment.ExitCode = Runner.Failed;
    }

    private void ReportException(object? sender, UnhandledExceptionEventArgs e) =>
        _report.Error($"{Volatile.Read(ref _cell)}\nan exception on a thread that a cell started ends the process.");
}
