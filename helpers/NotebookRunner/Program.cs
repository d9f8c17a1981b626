using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Export;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner;

/// <summary>The command line.</summary>
internal static class Program
{
    private const int DefaultTimeout = 300;
    private const int LongestTimeout = 24 * 60 * 60;

    private static readonly CancellationTokenSource _stop = new();

    /// <summary>Runs the command and gives the exit code.</summary>
    public static async Task<int> Main(string[] args)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Console.OutputEncoding = Encoding.UTF8;
        var exitCode = await Run(args, Console.Out, Console.Error, _stop.Token);
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

    /// <summary>Runs the command with the given outputs and gives the exit code.</summary>
    internal static async Task<int> Run(
        string[] args, TextWriter output, TextWriter errors, CancellationToken cancellation = default)
    {
        var parsed = CommandLine(output, errors).Parse(args);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(
                new() { Output = output, Error = errors, ProcessTerminationTimeout = null }, cancellation);
        var report = new TerminalReport(output, errors, showsCells: false);
        foreach (var error in parsed.Errors) report.Error(error.Message);
        await errors.WriteLineAsync("The option --help lists the commands and options.");
        return Runner.WrongRequest;
    }

    // The first signal lets the run stop in good order, a second one ends the process as it stands.
    private static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (signal.Signal == PosixSignal.SIGINT && Pager.IsOpen) return;
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }

    private static RootCommand CommandLine(TextWriter output, TextWriter errors)
    {
        var notebooks = new Argument<string[]>("notebook")
        {
            Description = "Notebooks by path or number, or folders of them. None means all, the solutions too.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var timeout = Timeout();
        var quiet = new Option<bool>("--quiet")
        {
            Description = "Show one line for each notebook, and what is wrong.",
            Recursive = true,
        };
        var site = new Option<string>("--site")
        {
            Description = "The folder for pages of what was run. Without it, a run of all notebooks writes "
                + "artifacts/site, and a run of some writes none.",
            HelpName = "DIR",
        };
        var open = new Option<bool>("--open") { Description = "Write the pages and open them in the browser." };
        var options = new Options(notebooks, timeout, quiet, site, open);
        TCommand Runs<TCommand>(RunnerMode mode, TCommand command)
            where TCommand : Command => Complete(command, mode, options, output, errors);

        return Runs(
            RunnerMode.Run,
            new RootCommand("Runs the notebooks of the tutorial. In messages, [5] is a cell as editors number it: "
                + "the fifth that runs.")
            {
                Runs(RunnerMode.Run,
                    new Command("run", "Run the notebooks and show those that are named (the default).")),
                Runs(RunnerMode.Check,
                    new Command("check", "Run the notebooks and compare what they give with what is saved.")),
                Runs(RunnerMode.Save, new Command("save", "Run the notebooks and save what they give.")),
                Export(notebooks, output, errors),
                timeout,
                quiet,
            });
    }

    private static TCommand Complete<TCommand>(
        TCommand command, RunnerMode mode, Options options, TextWriter output, TextWriter errors)
        where TCommand : Command
    {
        command.Add(options.Notebooks);
        if (mode == RunnerMode.Run)
        {
            command.Add(options.Site);
            command.Add(options.Open);
        }

        command.SetAction((parsed, cancellation) =>
        {
            var paths = parsed.GetValue(options.Notebooks) ?? [];
            var showsCells = mode == RunnerMode.Run && paths.Length > 0 && !parsed.GetValue(options.Quiet);
            var report = new TerminalReport(output, errors, showsCells);
            var limit = TimeSpan.FromSeconds(parsed.GetValue(options.Timeout));
            var (site, open) = (parsed.GetValue(options.Site), parsed.GetValue(options.Open));
            if (mode == RunnerMode.Run && (paths.Length == 0 || open)) site ??= NotebookPaths.DefaultSite;
            using var runner = new Runner(mode, limit, report);
            return Task.FromResult(runner.Run(paths, site, open, cancellation));
        });
        return command;
    }

    private static Option<int> Timeout() => new("--timeout")
    {
        Description = "The most seconds that a cell may take.",
        DefaultValueFactory = _ => DefaultTimeout,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, out var seconds) && seconds is >= 1 and <= LongestTimeout)
                return seconds;
            result.AddError($"--timeout takes a whole number of seconds, from 1 to {LongestTimeout}.");
            return 0;
        },
        Recursive = true,
    };

    private static Command Export(Argument<string[]> notebooks, TextWriter output, TextWriter errors)
    {
        var to = new Option<string>("--to")
        {
            Description = "The folder for the apps, by default artifacts/scripts.",
            HelpName = "DIR",
        };
        var command = new Command("export", "Write the notebooks as file-based apps, for `dotnet run some.cs`.")
        {
            notebooks,
            to,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(
            new ExportCommand(new TerminalReport(output, errors, showsCells: false))
                .Run(parsed.GetValue(notebooks) ?? [], parsed.GetValue(to) ?? NotebookPaths.DefaultApps,
                    cancellation)));
        return command;
    }

    private sealed record Options(
        Argument<string[]> Notebooks, Option<int> Timeout, Option<bool> Quiet, Option<string> Site, Option<bool> Open);
}
