using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner;

/// <summary>The process: it does what the command line says, and ends in good order on a signal.</summary>
internal static class Program
{
    private static readonly CancellationTokenSource _stop = new();

    public static int Main(string[] args)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Console.OutputEncoding = Encoding.UTF8;
        // What is saved and said is the same whatever the language of the machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        if (Icu.IsMissing) Console.Error.WriteLine(Icu.Missing);
        var exitCode = new CommandLine(Console.Out, Console.Error, _stop.Token).Run(args);
        if (NotebookThread.AnyWorks && !OperatingSystem.IsWindows()) EndAtOnce(exitCode);
        return exitCode;
    }

    // At the end of a process libtorch takes itself apart, and a cell that still computes with it would crash. Without
    // that end .NET leaves the pipes for its debuggers behind.
    private static void EndAtOnce(int exitCode)
    {
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

    [DllImport("libc", EntryPoint = "_exit"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int exitCode);

    // The first signal lets the run stop in good order, a second one ends the process as it stands.
    private static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (signal.Signal == PosixSignal.SIGINT && Pager.IsOpen) return;
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
