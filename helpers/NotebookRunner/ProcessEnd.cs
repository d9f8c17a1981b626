using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Terminal;
using Microsoft.Win32.SafeHandles;

namespace GptEmbeddings.NotebookRunner;

/// <summary>Notices a cell that ends the process, which would else name no cell, or even look like success.</summary>
/// <remarks>
/// No .NET code runs after an overflow of the stack or an error in native code. So a shell is told which cell runs;
/// when its input ends and a cell still runs, it says so. What .NET says at such an end, up to a line for each call on
/// the stack, waits in a file until then, and only its beginning is shown.
/// </remarks>
internal sealed class ProcessEnd : IDisposable
{
    // What stops this process does not stop the shell, which ends with its input.
    private const string Watch = """
        trap '' INT TERM HUP QUIT
        while IFS= read -r line; do cell=$line; done
        exec >&2
        if [ -n "$cell" ]; then
          printf 'error: %s\n  the process ended while it ran. Nothing after it was run.\n' "$cell"
          if [ -s "$1" ]; then
            echo '  it printed:'
            tail -n 20 "$1" | cut -c 1-1000 | sed "s/^/  /"
          fi
          [ ! -t 1 ] || [ "$TERM" = dumb ] || printf '\033[?25h'
        fi
        if [ -s "$0" ]; then
          head -n 12 "$0" | cut -c 1-1000
          [ "$(wc -l < "$0")" -le 12 ] || echo '...'
        fi
        rm -f "$0" "$1"
        """;

    private const int StandardError = 2;

    private static ProcessEnd? _current;

    private readonly TerminalReport _report;
    private readonly int _exitCode;
    private readonly Task<Watcher?> _watcher = Task.Run(StartWatcher);
    private (string Name, OutputCapture Capture)? _cell;

    /// <summary>Watches over the cells; a cell that ends the process by itself makes its exit code this one.</summary>
    public ProcessEnd(TerminalReport report, int exitCode)
    {
        (_report, _exitCode) = (report, exitCode);
        _current = this;
        AppDomain.CurrentDomain.ProcessExit += ReportExit;
    }

    /// <summary>A cell begins.</summary>
    public void Begin(string cell, OutputCapture capture)
    {
        _cell = (cell, capture);
        _watcher.Result?.Copy(capture);
        Tell(cell);
    }

    /// <summary>The cell ended.</summary>
    public void End()
    {
        _cell = null;
        Tell("");
        if (_watcher.Result?.Said() is { Length: > 0 } said) _report.Said(said);
    }

    public void Dispose()
    {
        _current = null;
        AppDomain.CurrentDomain.ProcessExit -= ReportExit;
        End();
        _watcher.Result?.Dispose();
    }

    /// <summary>What is said of an error of the runner's own.</summary>
    public static string OwnFailure(Exception problem) =>
        $"the runner itself failed: {NotebookSession.Describe(problem)}\n"
        + "Notebooks are whole. Run it again; if it fails again, report it with the command that you gave.";

    /// <summary>Says who failed. .NET would end the process with a trace of the runner's own calls.</summary>
    public static void ReportException(object? sender, UnhandledExceptionEventArgs e)
    {
        var problem = (Exception)e.ExceptionObject;
        if (_current is { _cell: { } cell } current)
            current.Report(cell, OutputCapture.OfThread == cell.Capture
                ? $"{NotebookSession.Describe(problem)}\nan exception on a thread that a cell started ends the process."
                : $"{NotebookSession.Describe(problem)}\n"
                    + "an exception that nobody caught ends the process while it runs.");
        else WriteError($"error: {VisibleText.OfMessage(OwnFailure(problem)).Replace("\n", "\n  ")}\n");
        EndAtOnce(Runner.Failed);
    }

    /// <summary>
    /// Ends the process as it stands, for at the end of a process libtorch takes itself apart, and a cell that still
    /// computes with it would crash. Without that end .NET leaves the pipes for its debuggers behind.
    /// </summary>
    public static void EndAtOnce(int exitCode)
    {
        if (OperatingSystem.IsWindows()) Environment.Exit(exitCode);
        try
        {
            foreach (var pipe in (string[])["clr-debug-pipe", "dotnet-diagnostic"])
                foreach (var file in Directory.GetFiles(Path.GetTempPath(), $"{pipe}-{Environment.ProcessId}-*"))
                    File.Delete(file);
        }
        finally
        {
            Exit(exitCode);
        }
    }

    // On a terminal that .NET knows nothing of, its Console may be what failed.
    private static void WriteError(string text)
    {
        using var errors = OperatingSystem.IsWindows() ? Console.OpenStandardError()
            : new FileStream(new(StandardError, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        errors.Write(Encoding.UTF8.GetBytes(text));
    }

    private static Watcher? StartWatcher()
    {
        if (OperatingSystem.IsWindows()) return null;
        try
        {
            return new();
        }
        catch (Exception problem) when (problem is Win32Exception or IOException or UnauthorizedAccessException)
        {
            // Without a shell or a folder for the file an end is only what .NET makes of it.
            return null;
        }
    }

    private void Tell(string cell)
    {
        try
        {
            _watcher.Result?.Shell.StandardInput.WriteLine(VisibleText.OfMessage(cell));
        }
        catch (IOException)
        {
            // Somebody ended the shell.
        }
    }

    private void ReportExit(object? sender, EventArgs e)
    {
        if (_cell is not { } cell) return;
        Report(cell, cell.Capture.RunsAlone
            ? "it ends the process (Environment.Exit)." : "the process was ended while it ran (Environment.Exit).");
        Environment.ExitCode = _exitCode;
    }

    private void Report((string Name, OutputCapture Capture) cell, string what)
    {
        _report.Failure(cell.Name, cell.Capture.Outputs, $"{what} Nothing after it was run.");
        ProcessState.ResetTerminal();
        End();
    }

    [DllImport("libc", EntryPoint = "_exit"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int exitCode);

    [DllImport("libc", EntryPoint = "dup"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor);

    [DllImport("libc", EntryPoint = "dup2"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(nint descriptor, int to);

    [DllImport("libc", EntryPoint = "lseek"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Seek(int descriptor, nint offset, int origin);

    /// <summary>The shell, and the file to which goes what native code writes to standard error.</summary>
    private sealed class Watcher : IDisposable
    {
        private readonly string _path = Path.GetTempFileName();
        private readonly FileStream _file;
        private readonly FileStream _printed = new(Path.GetTempFileName(), FileMode.Open, FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        private readonly SafeFileHandle _errors;

        public Watcher()
        {
            _file = new(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            Shell = Process.Start(
                new ProcessStartInfo("/bin/sh", ["-c", Watch, _path, _printed.Name]) { RedirectStandardInput = true })!;
            _errors = new(Duplicate(StandardError), ownsHandle: true);
            _ = Duplicate(_file.SafeFileHandle.DangerousGetHandle(), StandardError);
        }

        public Process Shell { get; }

        /// <summary>From now on what this prints also goes to a file, which an end of the process leaves.</summary>
        public void Copy(OutputCapture capture)
        {
            _printed.SetLength(0);
            capture.Copy = text => _printed.Write(Encoding.UTF8.GetBytes(VisibleText.Of(text)));
        }

        /// <summary>What was written since the last time.</summary>
        public string Said()
        {
            if (_file.Length == 0) return "";
            var said = File.ReadAllText(_path);
            _file.SetLength(0);
            _ = Seek(StandardError, 0, 0);
            return said;
        }

        public void Dispose()
        {
            _ = Duplicate(_errors.DangerousGetHandle(), StandardError);
            _errors.Dispose();
            _file.Dispose();
            _printed.Dispose();
            File.Delete(_path);
            File.Delete(_printed.Name);
            Shell.Dispose();
        }
    }
}
