using System.CommandLine;
using GptEmbeddings.NotebookRunner.Export;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner;

/// <summary>The commands and their options.</summary>
internal sealed class CommandLine(TextWriter output, TextWriter errors, CancellationToken cancellation = default)
{
    private const int DefaultTimeout = 300;
    private const int LongestTimeout = 24 * 60 * 60;

    private readonly TerminalReport _report = new(output, errors);

    private readonly Argument<string[]> _notebooks = new("notebook")
    {
        Description = "Notebooks by path or number, or folders of them. None means all, the solutions too.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int> _timeout = new("--timeout")
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

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Show one line for each notebook, and what is wrong.",
        Recursive = true,
    };

    private readonly Option<string> _site = new("--site")
    {
        Description = "The folder for pages of what was run. Without it, a run of all notebooks writes "
            + "artifacts/site, and a run of some writes none.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _open = new("--open")
    {
        Description = "Write the pages and open them in the browser.",
    };

    private readonly Option<string> _to = new("--to")
    {
        Description = "The folder for the apps, by default artifacts/scripts.",
        HelpName = "DIR",
    };

    /// <summary>Does what the arguments say and gives the exit code.</summary>
    public int Run(string[] args)
    {
        var parsed = Commands().Parse(args);
        if (parsed.Errors.Count == 0)
            return ExitCode(() => parsed.Invoke(
                new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false }));
        foreach (var error in parsed.Errors) _report.Error(error.Message);
        errors.WriteLine("The option --help lists the commands and options.");
        return Runner.WrongRequest;
    }

    private RootCommand Commands()
    {
        var export = new Command("export", "Write the notebooks as file-based apps, for `dotnet run some.cs`.")
        {
            _notebooks, _to,
        };
        export.SetAction(Export);
        var root = new RootCommand(
            "Runs the notebooks of the tutorial. In messages, [5] is a cell as editors number it: the fifth that runs.")
        {
            Runs(RunnerMode.Run, new("run", "Run the notebooks and show those that are named (the default).")),
            Runs(RunnerMode.Check, new("check", "Run the notebooks and compare what they give with what is saved.")),
            Runs(RunnerMode.Save, new("save", "Run the notebooks and save what they give.")),
            export, _timeout, _quiet,
        };
        Runs(RunnerMode.Run, root);
        return root;
    }

    private Command Runs(RunnerMode mode, Command command)
    {
        command.Add(_notebooks);
        if (mode == RunnerMode.Run)
        {
            command.Add(_site);
            command.Add(_open);
        }

        command.SetAction(parsed => Run(mode, parsed));
        return command;
    }

    private int Run(RunnerMode mode, ParseResult parsed)
    {
        var paths = parsed.GetValue(_notebooks) ?? [];
        _report.ShowsCells = mode == RunnerMode.Run && paths.Length > 0 && !parsed.GetValue(_quiet);
        var (site, open) = (parsed.GetValue(_site), parsed.GetValue(_open));
        if (mode == RunnerMode.Run && (paths.Length == 0 || open)) site ??= NotebookPaths.DefaultSite;
        using var runner = new Runner(mode, TimeSpan.FromSeconds(parsed.GetValue(_timeout)), _report);
        return runner.Run(paths, site, open, cancellation);
    }

    private int Export(ParseResult parsed) => new ExportCommand(_report).Run(
        parsed.GetValue(_notebooks) ?? [], parsed.GetValue(_to) ?? NotebookPaths.DefaultApps, cancellation);

    // What ends a command before its end is told here. A notebook may leave the process in another folder.
    private int ExitCode(Func<int> command)
    {
        string? folder = null;
        try
        {
            folder = Environment.CurrentDirectory;
            return command();
        }
        catch (RequestException problem)
        {
            foreach (var line in problem.Message.Split('\n')) _report.Error(line);
            return Runner.WrongRequest;
        }
        catch (OperationCanceledException)
        {
            _report.Error("stopped. Files are whole; what was saved before stays saved.");
            return Runner.Stopped;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _report.Error(folder is null ? "the current folder is gone. Change to another one." : problem.Message);
            return folder is null ? Runner.WrongRequest : Runner.Failed;
        }
#pragma warning disable CA1031 // Else .NET would end the process with a trace of calls.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            _report.Error(ProcessEnd.OwnFailure(problem));
            return Runner.Failed;
        }
        finally
        {
            if (Directory.Exists(folder)) Environment.CurrentDirectory = folder;
        }
    }
}
