using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Export;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>What <c>export</c> writes and what it refuses. That the apps run, <see cref="ExportedAppTests"/>
/// shows.</summary>
[Collection<WholeProcess>]
public sealed class ExportTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    private string Apps => _folder.PathOf("apps");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_export_writes_nothing()
    {
        var notebook = _folder.Write("a.ipynb", "1");
        await Export(notebook);
        var written = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        foreach (var file in Directory.GetFiles(Apps)) File.SetLastWriteTimeUtc(file, written);
        await Export(notebook);
        Assert.Equal(["NuGet.Config", "a.cs"],
            Directory.GetFiles(Apps).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(Apps), file => Assert.Equal(written, File.GetLastWriteTimeUtc(file)));
    }

    [Theory]
    [InlineData("mkfifo a.cs")]
    [InlineData("mkfifo NuGet.Config")]
    [InlineData("mkdir a.cs")]
    [InlineData("ln -s /dev/zero a.cs")]
    [InlineData("ln -s nowhere a.cs")]
    [InlineData("echo '// Written by the export of the notebooks' > ../mine.cs && ln -s ../mine.cs a.cs")]
    public async Task What_the_export_did_not_write_is_neither_replaced_nor_waited_for(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a shell.");
        Directory.CreateDirectory(Apps);
        using var shell = RunnerProcess.StartProgram(Apps, "/bin/sh", "-c", command);
        Assert.Equal(0, (await RunnerProcess.Result(shell)).ExitCode);
        var result = await Export(_folder.Write("a.ipynb", "1"));
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains("was not written by this command, and is not replaced", result.Errors,
            StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(Apps));
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_a_wrong_request()
    {
        var file = _folder.WriteText("apps", "mine");
        var result = await Export(_folder.Write("a.ipynb", "1"));
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.StartsWith($"error: {Apps}: ", result.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_file_that_appears_while_the_notebooks_compile_stays()
    {
        var notebook = NotebookFile.Load(_folder.Write("a.ipynb", "1"), "a.ipynb");
        var apps = new AppFolder(Apps, [notebook]);
        Directory.CreateDirectory(Apps);
        var file = _folder.WriteText("apps/a.cs", "mine");
        Assert.Throws<RequestException>(() => apps.Write(notebook, "1"));
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public async Task No_folder_at_all_is_a_wrong_request()
    {
        var result = await NotebookFolder.Run("export", "--to", "", _folder.Write("a.ipynb", "1"));
        Assert.Equal((Runner.WrongRequest, "error: --to takes the folder to write the apps to, not \"\".\n"),
            (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task A_line_break_in_the_name_of_the_notebook_does_not_become_one_of_the_app()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No file has such a name there.");
        var result = await Export(_folder.Write("a\nEnvironment.Exit(3);.ipynb", "1"));
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        var app = await File.ReadAllLinesAsync(Directory.GetFiles(Apps, "*.cs").Single(),
            TestContext.Current.CancellationToken);
        Assert.DoesNotContain(app, line => line.StartsWith("Environment", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_value_of_a_cell_is_printed_right_behind_a_type_too()
    {
        var result = await Export(_folder.Write("a.ipynb", "class A { public int X = 7; }\nnew A().X"));
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        var app = await File.ReadAllTextAsync(Path.Combine(Apps, "a.cs"), TestContext.Current.CancellationToken);
        Assert.Contains("\nConsole.WriteLine(new A().X);\n", app, StringComparison.Ordinal);
        Assert.EndsWith("\nclass A { public int X = 7; }\n", app, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_global_using_is_one_of_the_app()
    {
        var result = await Export(_folder.Write("a.ipynb", "global using System.IO;", "Path.GetFileName(\"a/b\")"));
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task A_type_that_a_later_cell_declares_again_is_refused_and_both_cells_are_named()
    {
        var result = await Export(_folder.Write("a.ipynb", "class Gpt { }", "\"between\"", "record Gpt(int Width);"));
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains(
            "a.ipynb, cell [3] `record Gpt(int Width);`\n"
            + "  it declares the type Gpt again, which cell [1] `class Gpt { }` declares.",
            result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Apps));
    }

    [Fact]
    public async Task A_type_that_uses_a_variable_of_a_cell_is_refused_and_its_cell_named()
    {
        var result = await Export(_folder.Write(
            "a.ipynb", "const int width = 4;", "class Table { public int Width => width; }"));
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("a.ipynb, cell [2] `class Table", result.Errors, StringComparison.Ordinal);
        Assert.Contains("error CS8801", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_compile_and_lies_in_no_cell_is_refused()
    {
        var result = await Export(_folder.Write("a.ipynb", "using A = System.Int32;", "using A = System.String;"));
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("a.ipynb\n  as one program, which an app is, it does not compile: error CS1537: "
            + "The using alias 'A' appeared previously in this namespace\n  in `using A = System.String;`\n", result.Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if (1 > 0) return;", Runner.Failed)]
    [InlineData("return 1;", Runner.Failed)]
    [InlineData("int F() { return 1; }\nFunc<int> f = () => { return F(); };\nclass A { int F() { return 1; } }",
        Runner.AllWell)]
    public async Task A_cell_that_returns_is_refused_since_it_would_end_the_app(string cell, int exitCode)
    {
        var result = await Export(_folder.Write("a.ipynb", cell, "\"later\""));
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == Runner.Failed, result.Errors.Contains("its `return`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_variable_of_another_name_does_not_name_a_member_anew()
    {
        await Export(_folder.Write("a.ipynb", "var x = 1;", "var x = 2;\nnew { x, y = x }"));
        Assert.Contains("new { x = x2, y = x2 }", await File.ReadAllTextAsync(Path.Combine(Apps, "a.cs"),
            TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_notebooks_the_good_one_is_written()
    {
        _folder.Write("bad.ipynb", "oops");
        _folder.Write("good.ipynb", "1");
        var result = await Export(_folder.FullPath);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("bad.ipynb, cell [1] `oops`\n  line 1, column 1: error CS0103", result.Errors,
            StringComparison.Ordinal);
        Assert.EndsWith($"good.cs{Environment.NewLine}", result.Output.ReplaceLineEndings(), StringComparison.Ordinal);
        Assert.Equal(["good.cs"], Directory.GetFiles(Apps, "*.cs").Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_that_is_not_the_exports_own_is_not_replaced()
    {
        Directory.CreateDirectory(Apps);
        var mine = Path.Combine(Apps, "a.cs");
        await File.WriteAllTextAsync(mine, "// mine", TestContext.Current.CancellationToken);
        var result = await Export(_folder.Write("a.ipynb", "1"));
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains(mine, result.Errors, StringComparison.Ordinal);
        Assert.Equal("// mine", await File.ReadAllTextAsync(mine, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_whose_settings_would_change_the_apps_is_refused()
    {
        var folder = Path.Combine(Repository.Root, "helpers", "apps");
        var result = await NotebookFolder.Run("export", _folder.Write("a.ipynb", "1"), "--to", folder);
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains("Directory.Build.props would apply to the apps", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Two_notebooks_of_one_name_are_refused()
    {
        Directory.CreateDirectory(_folder.PathOf("other"));
        var result = await Export(_folder.Write("a.ipynb", "1"), _folder.Write(Path.Combine("other", "a.ipynb"), "2"));
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains("would both be written to", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_refused() =>
        Assert.Equal(Runner.WrongRequest, (await Export(_folder.PathOf("none.ipynb"))).ExitCode);

    private Task<RunnerResult> Export(params string[] notebooks) =>
        NotebookFolder.Run(["export", .. notebooks, "--to", Apps]);
}
