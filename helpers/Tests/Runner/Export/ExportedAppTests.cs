using System.Diagnostics;
using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Comparison;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Exported notebooks, built and run by <c>dotnet run</c> as a reader does.</summary>
public sealed class ExportedAppTests : IDisposable
{
    private const long Megabyte = 1 << 20;

    private readonly NotebookFolder _folder = new();

    private string Apps => _folder.PathOf("apps");

    // The SDK builds apps in the user's local application data: here, in a folder that can be looked at.
    private string Data => _folder.PathOf("data");

    public void Dispose() => _folder.Dispose();

    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public async Task Every_notebook_and_solution_is_written_with_its_packages_pinned()
    {
        var result = await Run("export", "--to", Apps);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        var apps = Directory.GetFiles(Apps, "*.cs", SearchOption.AllDirectories);
        Assert.Equal(Repository.Lessons.Count + Repository.Solutions.Count, apps.Length);
        Assert.All(apps, app => Assert.StartsWith(
            "#:package TorchSharp-cpu@0.107.0\n#:package GptEmbeddings.Helpers@1.0.0\n",
            File.ReadAllText(app), StringComparison.Ordinal));
        Assert.Contains("artifacts/packages\"",
            (await File.ReadAllTextAsync(Path.Combine(Apps, "NuGet.Config"), TestContext.Current.CancellationToken))
            .Replace('\\', '/'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_app_of_a_lesson_prints_what_the_lesson_prints_and_holds_no_copy_of_libtorch()
    {
        await PrintsTheSame(Repository.Lesson(1));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Where the SDK builds apps is known for Linux only.");
        var built = Directory.GetFiles(Data, "*", SearchOption.AllDirectories);
        Assert.Contains(built, file => Path.GetFileName(file) == "01-word-embeddings.dll");
        Assert.DoesNotContain(built, file => Path.GetFileName(file).Contains("torch_cpu", StringComparison.Ordinal));
        Assert.InRange(built.Where(file => !file.Contains("GptEmbeddings/", StringComparison.Ordinal))
            .Sum(file => new FileInfo(file).Length), 1, 5 * Megabyte);
    }

    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public async Task The_app_of_every_lesson_that_does_not_train_for_long_prints_what_the_lesson_prints()
    {
        var notebooks = Repository.Quick.Where(notebook => Thorough.AskedForAll
            || Repository.Lessons.Contains(notebook)).ToArray();
        var exported = await Export(notebooks);
        Assert.Equal(notebooks.Length, exported.Length);
        foreach (var (notebook, app) in notebooks.Zip(exported)) await PrintsTheSame(notebook, app);
    }

    [Fact]
    public async Task Names_that_one_program_cannot_hold_twice_mean_what_they_meant_in_their_cells()
    {
        var notebook = _folder.Write("names.ipynb",
            "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"",
            "using TorchSharp;\nusing GptEmbeddings;\nusing static GptEmbeddings.Tutorial;\nTutorial.Begin();",
            "var x = 1;\nint Read() => x;\nint Twice(int n) => 2 * n;\nstring Twice(string text) => text + text;",
            "for (var step = 0; step < 2; step++) { var loss = step; Console.Write(loss); }\n"
            + "foreach (var word in new[] { \"a\" }) Console.WriteLine(word);",
            "var x = \"two\";\nvar step = nameof(x);\n"
            + "(string word, var loss) = (\"the\", 0.5);\nvar args = new[] { 1, 2 };",
            "using System.Globalization;\ntry { throw new InvalidOperationException(\"caught\"); }\n"
            + "catch (Exception word) { Console.WriteLine(word.Message); }\n"
            + "$\"{Read()} {x} {step} {word} {loss} {args.Length} {Twice(2)} {Twice(x)}\"   // a comment",
            "int Read() => 3;\nFunc<int, int> next = x => x + 1;\nnext(Read())",
            "var x = torch.ones(2);\nvar again = x;\nShow(x, again)",
            "enum Kind { None, Some }\nrecord Pair(int A, Kind B);\n"
            + "// what it ends on\nnew Pair(1, Kind.Some).ToString()",
            "$\"\"\"\nseveral\n  lines {(x.numel())}\n\"\"\"",
            "new[] { 1, 2, 3 }");
        Assert.Equal(Runner.AllWell, (await Run("save", notebook)).ExitCode);
        await PrintsTheSame(NotebookFile.Load(notebook, "names.ipynb"));
    }

    [Fact]
    public async Task What_a_string_holds_what_null_is_and_what_is_defined_are_as_in_the_notebook()
    {
        var notebook = _folder.Write("text.ipynb",
            "var windows = @\"a\r\nb\u2028c\u0085d\";\r\nstring.Join(' ', windows.Select(letter => (int)letter))",
            "var raw = \"\"\"\n#r \"nuget: No.Such, 1.0\"\n#!/bin/sh\n\"\"\";\nraw.Length",
            "string none = null;\nnone",
            "int[] numbers = null;\nnumbers",
            "null",
            "none ?? \"some\"",
            "#if DEBUG || TRACE || NET\n\"defined\"\n#else\n\"not defined\"\n#endif",
            "var all = \"b A a\".Split(' ').Order();\nstring.Join(' ', all)",
            "1234.5.ToString(\"N1\") + System.Globalization.CultureInfo.CurrentCulture.Name");
        Assert.Equal(Runner.AllWell, (await Run("save", notebook)).ExitCode);
        var saved = string.Concat(NotebookFile.Load(notebook, "text").CodeCells.Select(Printed));
        Assert.StartsWith("97 13 10 98 8232 99 133 100\n", saved, StringComparison.Ordinal);
        Assert.Contains("\nnot defined\n", saved, StringComparison.Ordinal);
        Assert.Contains("\n<null>\n<null>\n<null>\nsome\n", saved, StringComparison.Ordinal);
        var app = Path.Combine(_folder.FullPath, Assert.Single(await Export(NotebookFile.Load(notebook, "text"))));
        var result = await DotnetRun(app);
        Assert.Equal((0, "", saved), (result.ExitCode, result.Errors, result.Output));
    }

    [Fact]
    public async Task An_app_that_was_built_without_ICU_starts_without_it_and_says_so()
    {
        var notebook = NotebookFile.Load(_folder.Write("icu.ipynb", "string.Join(' ', \"b A a\".Split(' ').Order())"),
            "icu");
        var app = Path.Combine(_folder.FullPath, Assert.Single(await Export(notebook)));
        var built = await DotnetRun(app, ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"));
        Assert.Equal((0, "A a b\n"), (built.ExitCode, built.Output));
        var program = Directory.GetFiles(Data, "icu.dll", SearchOption.AllDirectories)
            .First(file => File.Exists(Path.ChangeExtension(file, ".runtimeconfig.json")));
        using var process = RunnerProcess.StartProgram(_folder.FullPath, RunnerProcess.Host, "exec", program);
        Assert.Equal("A a b\n", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"{Icu.Missing}\n",
            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private Task<RunnerResult> Run(params string[] arguments) =>
        RunnerProcess.Result(RunnerProcess.Start(_folder.FullPath, arguments));

    private async Task PrintsTheSame(NotebookFile notebook) =>
        await PrintsTheSame(notebook, Assert.Single(await Export(notebook)));

    private async Task<string[]> Export(params NotebookFile[] notebooks)
    {
        var exported = await Run(["export", .. notebooks.Select(notebook => notebook.FullPath), "--to", Apps]);
        Assert.Equal((Runner.AllWell, ""), (exported.ExitCode, exported.Errors));
        return exported.Output.TrimEnd().Split('\n');
    }

    private async Task PrintsTheSame(NotebookFile notebook, string app)
    {
        var result = await DotnetRun(Path.Combine(_folder.FullPath, app));
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Compare(notebook, result.Output);
    }

    private async Task<RunnerResult> DotnetRun(string app, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(RunnerProcess.Host, ["run", Path.GetFileName(app)])
        {
            WorkingDirectory = Path.GetDirectoryName(app),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_DATA_HOME"] = Data;
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["LC_ALL"] = "de_DE.UTF-8";
        // A process that stays behind would hold the output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        Directory.CreateDirectory(Data);
        using var process = Process.Start(start)!;
        return await RunnerProcess.Result(process);
    }

    // An app prints one text. Each cell's part of it has as many lines as what is saved.
    private void Compare(NotebookFile notebook, string output)
    {
        var lines = output.Split('\n');
        var cells = notebook.CodeCells.Select(cell => (Cell: cell, Text: Printed(cell))).ToList();
        Assert.Equal(cells.Sum(cell => cell.Text.Count(c => c == '\n')) + 1, lines.Length);
        var start = 0;
        foreach (var (cell, saved) in cells)
        {
            var end = start + saved.Count(c => c == '\n');
            var now = string.Concat(lines[start..end].Select(line => line + "\n"));
            start = end;
            // The numbers of such a cell are those of the processor that it was saved on.
            if (cell.Varies || saved.Length == 0) continue;
            var differences =
                OutputComparison.Differences(new CellRun(Saved(saved), [CellOutput.Stream("stdout", now)], default));
            Assert.True(differences.Count == 0, $"{notebook.Label}, {cell.Label}\n{string.Join('\n', differences)}");
        }
    }

    private static string Printed(NotebookCell cell) => string.Concat(cell.SavedOutputs.Select(output =>
        output.Type == "stream" ? output.Parts["stdout"]
            : (output.Parts.GetValueOrDefault("text/plain") ?? HtmlText.Of(output.Parts["text/html"])) + "\n"));

    // A cell whose saved output is this text and no HTML, to compare with what a console shows.
    private NotebookCell Saved(string text)
    {
        var cell = NotebookFolder.Cell("saved");
        cell["outputs"] = new JsonArray(CellOutput.Stream("stdout", text).ToJson(1));
        return NotebookFile.Load(_folder.WriteJson("saved.ipynb", NotebookFolder.Json(cell)), "saved.ipynb")
            .CodeCells.Single();
    }
}
