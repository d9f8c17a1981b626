using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using GptEmbeddings.NotebookRunner.Execution;

namespace GptEmbeddings.NotebookRunner;

/// <summary>The process: it does what the command line says, and ends in good order on a signal.</summary>
internal static class Program
{
    private static readonly CancellationTokenSource _stop = new();

    public static int Main(string[] args)
    {
        AppDomain.CurrentDomain.UnhandledException += ProcessEnd.ReportException;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = IgnoresHangUp() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        Console.OutputEncoding = Encoding.UTF8;
        // What is saved and said is the same whatever the language of the machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        if (Icu.IsMissing) Console.Error.WriteLine(Icu.Missing);
        var exitCode = new CommandLine(Console.Out, Console.Error, _stop.Token).Run(args);
        if (NotebookThread.AnyWorks || OutputCapture.AnyRuns) ProcessEnd.EndAtOnce(exitCode);
        // A thread of a notebook may never end, and a return would wait for it.
        Environment.Exit(exitCode);
        return exitCode;
    }

    // As nohup asks. Only setting what a signal does tells what it did.
    private static bool IgnoresHangUp()
    {
        if (OperatingSystem.IsWindows()) return false;
        const int hangUp = 1, ignored = 1;
        var before = SetSignal(hangUp, ignored);
        _ = SetSignal(hangUp, before);
        return before == ignored;
    }

    [DllImport("libc", EntryPoint = "signal"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SetSignal(int signal, nint handler);

    // The first signal lets the run stop in good order, a second one ends the process as it stands.
    private static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
