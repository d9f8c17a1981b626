using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>What only a process of its own can show.</summary>
public sealed class RunnerProcessTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_cell_that_never_ends_ends_the_run_and_is_named() =>
        EndsTheRun("while (true) ;", "end", "\"fine\"", "while (true) ;");

    [Fact]
    public async Task A_cell_that_trains_without_end_ends_the_run_and_not_in_a_crash()
    {
        string[] cells =
        [
            "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"",
            "using static TorchSharp.torch;\nGptEmbeddings.Tutorial.Begin();\nvar layer = nn.Linear(4, 4);",
            "while (true) { using var s = NewDisposeScope(); layer.call(ones(4)).sum().backward(); }",
        ];
        for (var round = 0; round < (Thorough.Asked ? 3 : 1); round++)
            await EndsTheRun("while (true) { using var s", "end", cells);
    }

    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public Task A_cell_that_compiles_without_end_ends_the_run_and_is_named()
    {
        // Each level of lambdas triples what overload resolution has to try.
        string[] types = ["int", "string", "double"];
        var overloads = string.Concat(types.Select(type => $"static int F(Func<{type}, {type}> f) => 1;\n"));
        var lambdas = string.Concat(Enumerable.Repeat("F(a => ", 20)) + "1" + new string(')', 20);
        return EndsTheRun("// nested", "compile", "\"fine\"", $"// nested\n{overloads}{lambdas}");
    }

    [Fact]
    public async Task Help_that_cannot_be_written_ends_in_one_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /dev/full.");
        using var process = RunnerProcess.StartProgram(
            _folder.FullPath, "/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh", RunnerProcess.Host, "exec",
                RunnerProcess.Runner, "--help");
        var result = await RunnerProcess.Result(process);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Matches("^error: .*\n$", result.Errors);
    }

    [Fact]
    public async Task A_current_folder_that_is_gone_is_a_wrong_request()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps the current folder of a process.");
        Directory.CreateDirectory(_folder.PathOf("gone"));
        using var process = RunnerProcess.StartProgram(
            _folder.PathOf("gone"), "/bin/sh", "-c", "rmdir \"$PWD\" && exec \"$@\"", "sh", RunnerProcess.Host, "exec",
                RunnerProcess.Runner, "check");
        var result = await RunnerProcess.Result(process);
        Assert.Equal((Runner.WrongRequest, "error: the current folder is gone. Change to another one.\n"),
            (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task A_cell_that_ends_the_process_does_not_make_the_run_a_success()
    {
        var path = _folder.Write("1.ipynb", "Environment.Exit(0);");
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var result = await Run("save", path);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("1.ipynb, cell [1] `Environment.Exit(0);`\n  it ends the process", result.Errors,
            StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_cell_whose_thread_throws_is_named_though_the_process_dies()
    {
        _folder.Write("1.ipynb",
            "var thread = new System.Threading.Thread(() => throw new Exception(\"lost\"));\n"
            + "thread.Start();\nthread.Join();");
        var result = await Run(_folder.FullPath);
        Assert.NotEqual(Runner.AllWell, result.ExitCode);
        Assert.Contains("1.ipynb, cell [1] `var thread", result.Errors, StringComparison.Ordinal);
        Assert.Contains("an exception on a thread that a cell started ends the process", result.Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int Deeper(int n) => 1 + Deeper(n + 1);\nDeeper(0)", "Stack overflow.\n")]
    [InlineData(Alternating + "Recurse(0)", "Stack overflow.\n")]
    [InlineData("System.Runtime.InteropServices.Marshal.WriteInt32(-1, 0)", "Fatal error.\n")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", "")]
    public async Task A_cell_whose_error_no_program_survives_is_named_before_all_else(string cell, string said)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no shell to tell of it.");
        var path = _folder.Write("1.ipynb", "\"fine\"", cell, "\"later\"");
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var result = await Run("save", path);
        Assert.Equal(128 + (said.Length > 0 ? Abort : Kill9), result.ExitCode);
        Assert.StartsWith(
            $"error: 1.ipynb, cell [2] `{cell.Split('\n')[0]}`\n  the process ended while it ran. Nothing after it was "
            + $"run.\n{said}", result.Errors, StringComparison.Ordinal);
        Assert.InRange(result.Errors.Split('\n').Length, said.Length > 0 ? 5 : 3, 20);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "--quiet")]
    [InlineData("save")]
    public async Task What_a_failed_cell_printed_stands_before_its_failure(params string[] command)
    {
        (string Ends, string Problem)[] ends =
        [
            ("System.Threading.Thread.Sleep(-1);", "it did not end"),
            ("throw new Exception(\"thrown\");", "System.Exception: thrown"),
            ("new System.Threading.Thread(() => throw new Exception(\"lost\")).Start();\n"
                + "System.Threading.Thread.Sleep(-1);", "System.Exception: lost"),
            ("Environment.Exit(0);", "it ends the process"),
        ];
        foreach (var (code, problem) in ends)
        {
            _folder.Write("1.ipynb", "\"fine\"", $"Console.Error.WriteLine(\"{{0}} printed\", 1);\n{code}");
            var both = await Both([.. command, "--timeout", problem == "it did not end" ? "8" : "60", "1.ipynb"]);
            Assert.Matches($@"(?s)\n *1 printed\n.*{problem}", both);
            Assert.Single(both.Split('\n'), line => line.Trim() == "1 printed");
        }
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "--quiet")]
    [InlineData("save")]
    public async Task What_a_cell_printed_last_is_told_though_no_program_survives_its_end(params string[] command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no shell to tell of it.");
        _folder.Write("1.ipynb", "Console.WriteLine(\"of a cell before\");",
            "for (var i = 1; i <= 99; i++) Console.WriteLine($\"\\u001b line {i}\");\nConsole.Write(\"the end\");\n"
            + "int Deeper(int n) => 1 + Deeper(n + 1);\nDeeper(0)");
        var result = await Run([.. command, "1.ipynb"]);
        var lines = string.Concat(Enumerable.Range(81, 19).Select(i => $"  ␛ line {i}\n"));
        Assert.Contains($"Nothing after it was run.\n  it printed:\n{lines}  the end\nStack overflow.\n", result.Errors,
            StringComparison.Ordinal);
        Assert.DoesNotContain("before", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_cell_prints_is_shown_before_it_ends()
    {
        _folder.Write("1.ipynb", "Console.WriteLine(\"first\"); Console.Write(\"no line\");\n"
            + "while (!System.IO.File.Exists(\"seen\")) System.Threading.Thread.Sleep(20);\n"
            + "Console.WriteLine();\n\"end\"");
        using var process = RunnerProcess.Start(_folder.FullPath, "1.ipynb");
        var read = "";
        while (!read.EndsWith("\nfirst\nno line", StringComparison.Ordinal))
        {
            var next = new char[1];
            Assert.Equal(1, await process.StandardOutput.ReadAsync(next, TestContext.Current.CancellationToken));
            read += next[0];
        }

        await File.WriteAllTextAsync(_folder.PathOf("seen"), "", TestContext.Current.CancellationToken);
        var result = await RunnerProcess.Result(process);
        Assert.Equal(Runner.AllWell, result.ExitCode);
        Assert.StartsWith("\nend\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_notebook_leaves_running_keeps_nothing_from_ending_and_prints_into_no_other()
    {
        _folder.Write("1.ipynb", "var kept = Console.Out;\nvar timer = new System.Threading.Timer("
            + "_ => Console.WriteLine(\"tick\"), null, 0, 20);\nnew System.Threading.Thread(() =>\n{\n"
            + "while (true) { kept.WriteLine(\"tick\"); System.Threading.Thread.Sleep(20); }\n}).Start();");
        _folder.Write("2.ipynb", "System.Threading.Thread.Sleep(500);\nConsole.WriteLine(\"mine\");");
        var result = await Run("save", _folder.FullPath);
        Assert.Equal(Runner.AllWell, result.ExitCode);
        Assert.Matches("^warning: 1.ipynb: something that it started.*\n$", result.Errors);
        Assert.DoesNotContain("tick", result.Output, StringComparison.Ordinal);
        Assert.Equal("mine\n", _folder.Outputs("2.ipynb")[0][0].GetProperty("text")[0].GetString());
    }

    [Fact]
    public async Task A_closed_terminal_stops_the_run_and_blames_no_cell()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signal.");
        _folder.Write("1.ipynb",
            "System.IO.File.WriteAllText(\"started\", \"\");\nSystem.Threading.Thread.Sleep(-1);");
        var running = Run("check", "1.ipynb");
        while (!File.Exists(_folder.PathOf("started")) && !running.IsCompleted)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(0, Kill(_process!.Id, HangUp));
        var result = await running;
        Assert.Equal((Runner.Stopped, Stopped), (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task What_nohup_starts_outlives_the_terminal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signal.");
        _folder.Write("1.ipynb", "System.IO.File.WriteAllText(\"started\", \"\");\n"
            + "while (!System.IO.File.Exists(\"end\")) System.Threading.Thread.Sleep(20);");
        using var process = RunnerProcess.StartProgram(_folder.FullPath, "nohup", RunnerProcess.Host, "exec",
            RunnerProcess.Runner, "check", "1.ipynb");
        var running = RunnerProcess.Result(process);
        while (!File.Exists(_folder.PathOf("started")) && !running.IsCompleted)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(0, Kill(process.Id, HangUp));
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.PathOf("end"), "", TestContext.Current.CancellationToken);
        var result = await running;
        Assert.True(result.ExitCode == Runner.AllWell, result.Errors);
    }

    [Theory]
    [InlineData("while (true) ;")]
    [InlineData("Environment.Exit(0);")]
    [InlineData("int Deeper(int n) => 1 + Deeper(n + 1);\nDeeper(0)")]
    public async Task Pages_stay_where_not_all_notebooks_were_run(string ends)
    {
        foreach (var name in (string[])["1", "2", "3"]) _folder.Write($"{name}.ipynb", $"\"was {name}\"");
        string[] command = ["run", "--quiet", "--timeout", "10", "--site", "site", "1.ipynb", "2.ipynb", "3.ipynb"];
        Assert.Equal((Runner.AllWell, ""), await Outcome());
        var before = Pages();
        Assert.Equal(4, before.Count(page => page.Item1.EndsWith(".html", StringComparison.Ordinal)));

        _folder.Write("1.ipynb", "\"is another\"");
        _folder.Write("2.ipynb", ends);
        Assert.NotEqual(Runner.AllWell, (await Outcome()).ExitCode);
        Assert.Equal(before, Pages());

        async Task<(int ExitCode, string Errors)> Outcome()
        {
            var result = await Run(command);
            return (result.ExitCode, result.Errors);
        }

        (string, string)[] Pages() =>
            [.. Directory.GetFiles(_folder.PathOf("site"), "*", SearchOption.AllDirectories).Order()
                .Select(file => (file, File.ReadAllText(file)))];
    }

    [Fact]
    public async Task What_ran_before_a_notebook_hangs_has_its_pages_where_there_were_none()
    {
        _folder.Write("1.ipynb", "\"ran\"");
        foreach (var name in (string[])["2", "3"]) _folder.Write($"{name}.ipynb", "while (true) ;");
        await Run("run", "--quiet", "--timeout", "10", "--site", "site", "1.ipynb", "2.ipynb", "3.ipynb");
        Assert.Equal(["1.html", "2.html", "index.html"],
            Directory.GetFiles(_folder.PathOf("site"), "*.html").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task What_nobody_expects_in_the_runner_is_told_without_a_trace_and_with_what_to_do()
    {
        // A description of the terminal that .NET cannot read.
        var result = await Terminal.Run(_folder.FullPath, 80, new Dictionary<string, string> { ["TERM"] = Broken },
            "--help");
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Matches("^error: the runner itself failed: .*\n  Notebooks are whole. Run it again; .*\n$",
            result.Output);

        using var output = new StringWriter();
        using var errors = new StringWriter { NewLine = "\n" };
        output.Dispose();
        Assert.Equal(Runner.Failed, new CommandLine(output, errors).Run(["--help"]));
        Assert.Matches("^error: the runner itself failed: .*ObjectDisposed.*\n  Notebooks are whole.*\n$",
            errors.ToString());
    }

    [Theory]
    [InlineData("Process.GetCurrentProcess().Kill();", 128 + Kill9)]
    [InlineData("int Deeper(int n) => 1 + Deeper(n + 1);\nDeeper(0)", 128 + Abort)]
    [InlineData("throw new Exception();", Runner.Failed)]
    [InlineData("Environment.Exit(0);", Runner.Failed)]
    [InlineData("new System.Threading.Thread(() => throw new Exception()).Start();\n"
        + "System.Threading.Thread.Sleep(-1);", Runner.Failed)]
    [InlineData("Process.Start(\"kill\", $\"-INT {Environment.ProcessId}\");\nSystem.Threading.Thread.Sleep(-1);",
        Runner.Stopped)]
    [InlineData("System.Threading.Thread.Sleep(-1);", Runner.Failed)]
    public async Task A_cursor_that_a_cell_hid_is_shown_again_however_the_run_ends(string ends, int exitCode)
    {
        _folder.Write("1.ipynb", $"using System.Diagnostics;\nConsole.CursorVisible = false;\n{ends}");
        var result = await Terminal.Run(_folder.FullPath, 80, new Dictionary<string, string>(),
            "check", "--timeout", "10", "1.ipynb");
        Assert.Equal(exitCode, result.ExitCode);
        var (hidden, shown) = (result.Output.LastIndexOf("\u001b[?25l", StringComparison.Ordinal),
            result.Output.LastIndexOf("\u001b[?25h", StringComparison.Ordinal));
        Assert.True(hidden >= 0 && shown > hidden, result.Output.Replace("\u001b", "^", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_shell_cells_run_all_the_same()
    {
        _folder.Write("1.ipynb", "42");
        var result = await RunnerProcess.InMountNamespace(_folder.FullPath,
            "mount --bind /dev/null \"$(readlink -f /bin/sh)\"; \"$@\" run --quiet 1.ipynb; echo exit code $?");
        Assert.Contains("ok 1.ipynb", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Errors);
    }

    [Fact]
    public async Task Code_that_is_nested_too_deeply_is_named_and_what_is_nested_less_runs()
    {
        (string Before, string Open, string Middle, string Close)[] kinds =
        [
            ("int F(int n) => n; var x = ", "F(", "1", ")"), ("object x = ", "(Func<object>)(() => ", "1", ")"),
            ("object x = default(", "List<", "int", ">"), ("var x = ", "(", "1", ")"),
            ("object x = ", "new object[] {", "", "}"), ("var x = ", "true ? 1 : ", "2", ""),
        ];
        foreach (var (index, kind) in kinds.Index())
        {
            _folder.Write($"deep{index}.ipynb", Code(kind, 5000));
            _folder.Write($"flat{index}.ipynb", Code(kind, 100));
        }

        var result = await Run("check", _folder.FullPath);
        Assert.Equal(Runner.Failed, result.ExitCode);
        for (var index = 0; index < kinds.Length; index++)
        {
            Assert.Contains($"ok flat{index}.ipynb", result.Output, StringComparison.Ordinal);
            Assert.Matches(
                $"error: deep{index}.ipynb, cell \\[1\\] `.*…`\n  its code is nested too deeply", result.Errors);
        }

        static string Code((string Before, string Open, string Middle, string Close) kind, int levels) =>
            $"{kind.Before}{Repeat(kind.Open, levels)}{kind.Middle}{Repeat(kind.Close, levels)}"
            + $"{(kind.Before.EndsWith('(') ? ")" : "")};";

        static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
    }

    [Fact]
    public async Task Plain_output_has_no_escape_codes_and_is_UTF8()
    {
        _folder.WriteJson("a.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell("# Überschrift **漢**", "markdown"), NotebookFolder.Cell("\"é 😀\""),
                NotebookFolder.Cell("oops")));
        var result = await Run(_folder.FullPath);
        Assert.DoesNotContain('\u001b', result.Output + result.Errors);
        Assert.Contains("Überschrift **漢**", result.Output, StringComparison.Ordinal);
        Assert.Contains("é 😀", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_folder_can_be_the_current_one()
    {
        _folder.Write("a.ipynb", "\"found\"");
        var result = await Run("a.ipynb");
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.Contains("ok a.ipynb: 1 cell,", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_run_with_130_and_leaves_files_whole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot send Ctrl-C to a single process.");
        var path = _folder.Write("1.ipynb",
            "System.IO.File.WriteAllText(\"started\", \"\");\nSystem.Threading.Thread.Sleep(-1);");
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var running = Run("save", path);
        while (!File.Exists(_folder.PathOf("started")) && !running.IsCompleted)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(0, Kill(_process!.Id, Interrupt));
        var result = await running;
        Assert.Equal(Runner.Stopped, result.ExitCode);
        Assert.Contains("error: stopped", result.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Ctrl_C_stops_the_run_in_every_moment_of_its_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot send Ctrl-C to a single process.");
        var path = _folder.Write("1.ipynb", Torch, "System.Threading.Thread.Sleep(-1);");
        var moments = Thorough.Asked ? 40 : 8;
        for (var moment = 0; moment < moments; moment++)
        {
            var running = Run("save", path);
            await Task.Delay(moment * 600 / moments, TestContext.Current.CancellationToken);
            Assert.Equal(0, Kill(_process!.Id, Interrupt));
            var result = await running;
            Assert.Equal(Runner.Stopped, result.ExitCode);
            // Before .NET listens, the signal ends the process without a word.
            Assert.Contains(result.Errors, (string[])["", Stopped]);
        }
    }

    private const string Torch = "#r \"nuget: TorchSharp-cpu, 0.107.0\"\nusing TorchSharp;";
    private const string Stopped = "error: stopped. Files are whole; what was saved before stays saved.\n";
    // Seen from the folders of such descriptions.
    private const string Broken = "../../etc/passwd";
    private const int HangUp = 1, Interrupt = 2, Abort = 6, Kill9 = 9;
    // No two calls in a row are the same, so .NET writes a line for each.
    private const string Alternating =
        "// without end\nint Recurse(int n) => 1 + (n * 7919 % 13 > 6 ? Recurse(n + 1) : Other(n + 1));\n"
        + "int Other(int n) => 2 + (n * 104729 % 11 > 4 ? Recurse(n + 1) : Other(n + 1));\n";
    private Process? _process;

    private async Task<RunnerResult> Run(params string[] arguments)
    {
        using var process = _process = RunnerProcess.StartListening(_folder.FullPath, arguments);
        return await RunnerProcess.Result(process);
    }

    /// <summary>What goes to standard output and to standard error, in its order.</summary>
    private async Task<string> Both(params string[] arguments)
    {
        using var process = RunnerProcess.StartProgram(
            _folder.FullPath, "/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh", RunnerProcess.Host, "exec",
                RunnerProcess.Runner, .. arguments]);
        return (await RunnerProcess.Result(process)).Output;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    // The last cell does. On a loaded machine one before it may be given up, or its compiling: then all have longer.
    private async Task EndsTheRun(string start, string verb, params string[] cells)
    {
        _folder.Write("1.ipynb", cells);
        _folder.Write("2.ipynb", "\"not run\"");
        RunnerResult result;
        bool named, another;
        var seconds = 1;
        do
        {
            result = await Run("--timeout", $"{seconds}", _folder.FullPath);
            var limit = verb == "compile" ? Math.Max(seconds, 10) : seconds;
            named = Regex.IsMatch(result.Errors, $@"1\.ipynb, cell \[{cells.Length}\] `{Regex.Escape(start)}.*`\n"
                + $"  it did not {verb} within {limit} s\\.");
            another = !named && result.Errors.Contains("  it did not ", StringComparison.Ordinal);
        }
        while (another && (seconds *= 4) <= 64);
        Assert.True(named, result.Errors);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.DoesNotContain("not run", result.Output, StringComparison.Ordinal);
        Assert.Contains("\n  2.ipynb: not run, since 1.ipynb hangs.\n", result.Errors, StringComparison.Ordinal);
    }
}
