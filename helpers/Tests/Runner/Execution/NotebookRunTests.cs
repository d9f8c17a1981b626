using System.Text.Json;
using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Whole notebooks run in this process: what cells share, what they may use, how a failure is told.</summary>
[Collection<WholeProcess>]
public sealed class NotebookRunTests : IDisposable
{
    private const string Torch = "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"\n" +
        "using TorchSharp;\nGptEmbeddings.TorchRuntime.Load();";

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cells_share_variables_usings_and_functions()
    {
        var result = await Run("using System.Globalization;\nvar x = 20;\nint Twice(int n) => 2 * n;",
            "x++;", "Console.WriteLine($\"{Twice(x)} {NumberFormatInfo.InvariantInfo.NaNSymbol}\");");
        Assert.Equal(Runner.AllWell, result.ExitCode);
        Assert.Contains("42 NaN", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_can_await_and_the_next_waits_for_them()
    {
        var result = await Run("var x = 0;", "await Task.Delay(20);\nx = 7;", "Console.WriteLine($\"x is {x}\");");
        Assert.Contains("x is 7", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_usings_that_every_host_has_are_in_force()
    {
        var result = await Run(
            "var ones = new List<int> { 1 }.Select(n => Task.FromResult(n).Result);\n"
            + "var text = new StringBuilder(string.Join(',', ones));",
            "File.Exists(\"x\")");
        Assert.Contains("cell [2] `File.Exists(\"x\")`", result.Errors, StringComparison.Ordinal);
        Assert.Contains("line 1, column 1: error CS0103: The name 'File' does not exist", result.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notebooks_see_nothing_of_each_other()
    {
        var culture = "System.Globalization.CultureInfo.CurrentCulture";
        _folder.Write("1.ipynb", "var x = 1;",
            $"{culture} = new System.Globalization.CultureInfo(\"\") "
            + "{ NumberFormat = { NaNSymbol = \"leaked\" } };",
            "System.Environment.CurrentDirectory = \"/\";");
        _folder.Write("2.ipynb",
            $"{culture}.NumberFormat.NaNSymbol", "System.IO.File.Exists(\"2.ipynb\").ToString()", "x");
        var result = await NotebookFolder.Run(_folder.FullPath);
        Assert.Contains("│ x\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nNaN\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nTrue\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("2.ipynb, cell [3] `x`", result.Errors, StringComparison.Ordinal);
        Assert.Contains("CS0103", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_has_neither_the_seed_nor_the_settings_of_the_one_before()
    {
        _folder.Write("1.ipynb", Torch,
            "torch.manual_seed(123);\n"
            + "torch.set_default_dtype(torch.ScalarType.Float64);\n"
            + "torch.set_grad_enabled(false);");
        _folder.Write("2.ipynb",
            Torch, "$\"{torch.initial_seed() == 123} {torch.ones(1).dtype} {torch.is_grad_enabled()}\"");
        var result = await NotebookFolder.Run(_folder.FullPath);
        Assert.Equal("", result.Errors);
        Assert.Contains("\nFalse Float32 True\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gradients_stay_off_from_cell_to_cell()
    {
        var result = await Run(Torch,
            "torch.set_grad_enabled(false);", "await Task.Delay(1);", "$\"grad {torch.is_grad_enabled()}\"");
        Assert.Contains("\ngrad False\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_current_folder_is_restored_after_a_run()
    {
        var before = Environment.CurrentDirectory;
        await Run("1");
        Assert.Equal(before, Environment.CurrentDirectory);
    }

    [Fact]
    public async Task A_cell_that_throws_is_named_with_its_line_and_the_cause()
    {
        var result = await Run(
            "int Half(int n)\n{\n"
            + "    if (n % 2 == 1)\n        throw new ArgumentException(\"odd\");\n"
            + "    return n / 2;\n}",
            "// first\nvar four = Half(8);\n\n"
            + "try { Half(3); }\ncatch (Exception e) { throw new InvalidOperationException(\"no half\", e); }",
            "\"later\"");
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains(
            "cell [2] `// first`\n  System.InvalidOperationException: no half\n"
            + "  caused by System.ArgumentException: odd\n  at line 5 of the cell\n",
            result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("later", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_cell_printed_before_it_failed_is_shown()
    {
        var result = await Run("Console.WriteLine(\"got here\");\nthrow new Exception(\"stop\");");
        Assert.Contains("got here", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_that_fails_does_not_stop_the_next_and_the_end_names_it()
    {
        _folder.Write("1.ipynb", "throw new Exception(\"one\");");
        _folder.Write("2.ipynb", "\"two ran\"");
        var result = await NotebookFolder.Run(_folder.FullPath);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("two ran", result.Output, StringComparison.Ordinal);
        Assert.Matches("(?s)error: 1 of 2 failed:\n  \\S*1.ipynb, cell \\[1\\] `throw new Exception\\(\"one\"\\);`\n$",
            result.Errors);
    }

    [Fact]
    public async Task Cells_are_counted_as_editors_do_without_prose_and_empty_cells()
    {
        _folder.WriteJson("a.ipynb",
            NotebookFolder.Json(NotebookFolder.Cell("# prose", "markdown"), NotebookFolder.Cell("1"),
            NotebookFolder.Cell(" \n"), NotebookFolder.Cell("raw", "raw"), NotebookFolder.Cell("oops")));
        var result = await NotebookFolder.Run(_folder.FullPath);
        Assert.Contains("cell [2] `oops`", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("while (true) Console.WriteLine(new string('x', 1000));")]
    [InlineData("while (true) try { Console.Error.Write(new string('x', 1000)); } "
        + "catch (System.IO.IOException) { break; }")]
    public async Task A_cell_that_prints_without_end_is_stopped(string cell)
    {
        var result = await Run(cell, "\"later\"");
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("it prints more than 1,000,000 characters", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("later", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_is_too_long_fails_its_cell()
    {
        var result = await Run("new string('x', 2_000_000)");
        Assert.Contains("its value takes 2,000,000 characters as text/plain", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_that_reads_the_Console_finds_it_empty() =>
        Assert.Contains("\nnothing\n", (await Run("Console.ReadLine() ?? \"nothing\"")).Output,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "#r \"nuget: TorchSharp-cpu, 0.106.0\"",
        "the build restored another version than 0.106.0. Write `#r \"nuget: TorchSharp-cpu, 0.107.0\"`, "
        + "the version pinned in helpers/Directory.Packages.props")]
    [InlineData("#r \"nuget: torchsharp-cpu\"", "no version is given. Write `#r \"nuget: TorchSharp-cpu, 0.107.0\"`")]
    [InlineData("#r \"nuget: GptEmbeddings.Helpers, 2.0.0\"", "Write `#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"`")]
    [InlineData("#r \"nuget: NoSuchPackage, 1.0.0\"", "the build restored no package NoSuchPackage")]
    [InlineData(" #r \"nuget: TorchSharp-cpu, 0.107.0\"", "at the start of the line")]
    [InlineData("#r \"NuGet: XPlot.Plotly, 4.1.0\"", "write it as `#r \"nuget: XPlot.Plotly, 4.1.0\"`")]
    [InlineData("#r \"nuget:XPlot.Plotly/4.1.0\"", "write it as `#r \"nuget: XPlot.Plotly, 4.1.0\"`")]
    [InlineData("#r nuget:XPlot.Plotly", "write it as `#r \"nuget: XPlot.Plotly, Version\"`")]
    [InlineData("#r \"System.Net.Http\"", "System.Net.Http is part of .NET, which every cell can use without a line")]
    [InlineData("#r \"System.Xml.Linq.dll\"", "System.Xml.Linq is part of .NET")]
    [InlineData("#r \"nuget:System.Text.Json\"", "System.Text.Json is part of .NET")]
    [InlineData("#r \"nuget: System.Text.Json, 9.0.0\"", "System.Text.Json is part of .NET")]
    [InlineData("#if true\n#!time", "`#!time` does not work in every host", 3)]
    [InlineData("#r \"../x/y.dll\"", "`#r` of a file does not work in every host")]
    [InlineData("#load \"x.csx\"", "`#load` does not work in every host")]
    [InlineData("#!time", "`#!time` does not work in every host")]
    [InlineData("#!import \"x.ipynb\"", "`#!import` does not work in every host")]
    [InlineData("#i \"nuget:https://example.org\"", "`#i` does not work in every host")]
    public async Task A_directive_that_other_hosts_refuse_is_refused_here(
        string directive, string reason, int line = 2)
    {
        var result = await Run($"var one = 1;\n{directive}");
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains($"line {line}: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var text = \"\"\"\n%\n\"\"\";\ntext")]
    [InlineData("var text = $\"\"\"\n%\n\"\"\";\ntext")]
    [InlineData("var text = $$\"\"\"\n{{1}}\n%\n\"\"\";\ntext.Substring(2)")]
    public async Task What_looks_like_a_directive_in_a_raw_string_stays(string cell)
    {
        string[] lines = ["#r \"nuget: XPlot.Plotly, 4.1.0\"", "#r notes", "#!/bin/sh", "#load \"x\"", "#i x"];
        foreach (var line in lines)
        {
            var result = await Run(cell.Replace("%", line, StringComparison.Ordinal));
            Assert.Equal("", result.Errors);
            Assert.EndsWith($"\n{line}", result.Output.Split("\n\nok")[0], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("var text = @\"\n#r \"\"nuget: No.Such, 1.0\"\"\n\";\ntext.Length == 26")]
    [InlineData("var text = $@\"\n#r \"\"nuget: No.Such, 1.0\"\"\n{1}\";\ntext.Length == 27")]
    [InlineData("/*\n#r \"nuget: No.Such, 1.0\"\n#load \"x\"\n*/\ntrue")]
    [InlineData("#if false\n#r \"nuget: No.Such, 1.0\"\n#!time\n#endif\ntrue")]
    [InlineData("#if OLD\n#load \"x\"\n#else\n#r \"nuget: XPlot.Plotly, 4.1.0\"\n#endif\n"
        + "typeof(XPlot.Plotly.PlotlyChart) != null")]
    [InlineData("#r \"nuget: XPlot.Plotly, 4.1.0\"\r\nvar x = 1;\r\nx == 1")]
    public async Task A_directive_is_what_the_compiler_takes_for_one(string cell)
    {
        var result = await Run(cell);
        Assert.Equal("", result.Errors);
        Assert.Contains("\nTrue\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_is_unknown_until_a_cell_refers_to_it()
    {
        var result = await Run("typeof(TorchSharp.torch).Name");
        Assert.Contains("CS0246", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_NET_can_be_used()
    {
        var result = await Run("using System.Text.Json;\nvar json = JsonSerializer.Serialize(new[] { 1, 2 });",
            "json + System.Net.IPAddress.Loopback + System.Xml.Linq.XElement.Parse(\"<a/>\").Name");
        Assert.Contains("\n[1,2]127.0.0.1a\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_keep_their_types_when_a_cell_begins_to_use_more_of_NET_or_another_package()
    {
        var result = await Run("using System.Collections.Concurrent;\nvar bag = new ConcurrentBag<int> { 7 };", Torch,
            "var ones = torch.ones(2);", "System.Text.Json.JsonSerializer.Serialize(bag)",
            "#r \"nuget: Markdig, 1.6.0\"\nMarkdig.Markdown.ToPlainText(\"*md*\").Trim()",
            "torch.Tensor two = ones + bag.Single();\n$\"{two[0].item<float>()}\"");
        Assert.Equal("", result.Errors);
        Assert.Contains("\n[7]\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nmd\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("\n8\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_only_the_runner_refers_to_can_be_used()
    {
        var result = await Run("Spectre.Console.Color.Red");
        Assert.Equal(Runner.Failed, result.ExitCode);
    }

    [Fact]
    public async Task Lines_keep_their_numbers_below_a_package_reference()
    {
        var result = await Run("#r \"nuget: TorchSharp-cpu, 0.107.0\"\n\nvar x = y;");
        Assert.Contains("line 3, column 9: error CS0103", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("display(1);", "CS0103")]
    [InlineData("\"x\".DisplayAs(\"text/html\");", "CS1061")]
    [InlineData("new[] { new { A = 1 } }.DisplayTable()", "CS1061")]
    [InlineData("Formatter.ListExpansionLimit = 50;", "CS0103")]
    [InlineData("await Kernel.GetInputAsync(\"Name?\")", "CS0103")]
    [InlineData("(LaTeXString)@\"\\alpha\"", "CS0246")]
    [InlineData("Math(\"x\")", "CS1955")]
    [InlineData("using Microsoft.DotNet.Interactive;", "CS0234")]
    [InlineData("new Microsoft.AspNetCore.Html.HtmlString(\"<b>x</b>\")", "CS0234")]
    public async Task What_only_NET_Interactive_has_is_said_to_be_so(string cell, string code)
    {
        var result = await Run(cell);
        Assert.Contains(code, result.Errors, StringComparison.Ordinal);
        Assert.Contains("It exists only in .NET Interactive.", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class C { public int P { get => field; set => field = value; } }", true)]
    [InlineData("class C { public int P; }\nC c = new();\nc?.P = 2;", true)]
    [InlineData("nameof(List<>)", true)]
    [InlineData("class C { public int P => unknown; }", false)]
    public async Task C_sharp_14_is_refused_since_other_hosts_have_13(string cell, bool isNewer)
    {
        var result = await Run(cell);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Equal(isNewer, result.Errors.Contains(
            "this is C# 14, and other hosts have C# 13 at most.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_can_be_read_without_an_editor()
    {
        _folder.WriteJson("a.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell(
                "# Title\n\nWords in **bold** and `code`, a [link](https://example.org).\n\n"
                + "- item\n\n![a table of rows](x.svg)",
                "markdown"),
            NotebookFolder.Cell("var line = new string('=', 300);\nline"),
            NotebookFolder.Cell("42")));
        var output = (await NotebookFolder.Run(_folder.FullPath)).Output;
        Assert.Contains(
            "# Title\n\nWords in **bold** and `code`, a [link](https://example.org).\n\n- item\n\n"
            + "![a table of rows](x.svg)\n",
            output, StringComparison.Ordinal);
        Assert.Contains(
            "[1] │ var line = new string('=', 300);\n    │ line\n" + new string('=', 300) + "\n",
            output, StringComparison.Ordinal);
        Assert.Contains("[2] │ 42\n42\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task Quiet_shows_a_line_for_each_notebook_and_no_cell()
    {
        _folder.Write("a.ipynb", "\"output\"");
        var result = await NotebookFolder.Run("--quiet", _folder.FullPath);
        Assert.Equal(2, result.Output.TrimEnd('\n').Split('\n').Length);
        Assert.DoesNotContain("output", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_notebook_sets_is_not_set_for_the_next()
    {
        const string state = "string.Join('|', Environment.GetEnvironmentVariable(\"SET\"), "
            + "Environment.GetEnvironmentVariable(\"PATH\")?.Length > 1,\nawait Task.Run(() => "
            + "System.Globalization.CultureInfo.CurrentCulture.NumberFormat.NegativeSign),\n"
            + "System.IO.Path.GetFileName(Environment.CurrentDirectory) != \"\",\n"
            + "TorchSharp.torch.ones(2).ToString(TorchSharp.TensorStringStyle.Default), "
            + "TorchSharp.torch.ones(2).ToString(TorchSharp.TensorStringStyle.Numpy))";
        _folder.Write("1.ipynb", Torch, state,
            "Environment.SetEnvironmentVariable(\"SET\", \"1\");\nEnvironment.SetEnvironmentVariable(\"PATH\", \"\");\n"
            + "var culture = (System.Globalization.CultureInfo)"
            + "System.Globalization.CultureInfo.InvariantCulture.Clone();\n"
            + "culture.NumberFormat.NegativeSign = \"~\";\n"
            + "System.Globalization.CultureInfo.DefaultThreadCurrentCulture = culture;\n"
            + "Environment.CurrentDirectory = \"/\";\n"
            + "TorchSharp.torch.set_printoptions(TorchSharp.TensorStringStyle.Julia, \"g2\", 40, \"\\n\\n\");", state);
        _folder.Write("2.ipynb", Torch, state);
        var variables = Environment.GetEnvironmentVariable("PATH");
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("save", _folder.FullPath)).ExitCode);
        var (first, second) = (_folder.Outputs("1.ipynb"), _folder.Outputs("2.ipynb"));
        Assert.Equal(Text(first[1]), Text(second[1]));
        Assert.NotEqual(Text(first[1]), Text(first[3]));
        Assert.Equal(variables, Environment.GetEnvironmentVariable("PATH"));

        static string Text(JsonElement outputs) => outputs[0].GetProperty("data").GetRawText();
    }

    private Task<RunnerResult> Run(params string[] cells) => NotebookFolder.Run("run", _folder.Write("a.ipynb", cells));
}
