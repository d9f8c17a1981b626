using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Text is sorted, compared and normalized as in the kernel where there is ICU. Where there is none, that is
/// said. Numbers are written the same whatever the language of the machine.</summary>
public sealed class GlobalizationTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_there_is_ICU_it_is_used_whatever_the_language_of_the_machine()
    {
        Assert.SkipWhen(Icu.IsMissing, "There is no ICU.");
        var (output, errors) = await Run(
            "string.Join(' ', new[] { \"b\", \"A\", \"a\", \"B\", \"é\", \"z\" }.Order())",
            "\"e\\u0301\".Normalize().Length",
            "1.5.ToString(new System.Globalization.CultureInfo(\"de-DE\"))",
            "1.5");
        Assert.Equal("", errors);
        Assert.Contains("\na A b B é z\n", output, StringComparison.Ordinal);
        Assert.Contains("Length\n1\n", output, StringComparison.Ordinal);
        Assert.Contains("\n1,5\n", output, StringComparison.Ordinal);
        Assert.Contains("│ 1.5\n1.5\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ICU_one_line_says_so_and_nothing_in_an_output()
    {
        const string code = "new[] { \"b\", \"A\", \"a\" }.Order().First()";
        var (output, errors) = await Run(invariant: true, code);
        Assert.Equal($"{Icu.Missing}\n", errors);
        Assert.Contains($"[1] │ {code}\nA\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("ICU", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saved_outputs_of_a_lesson_are_the_same_without_ICU()
    {
        using var process = RunnerProcess.Start(_folder.FullPath,
            new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
            "check", Repository.Lesson(1).FullPath, Repository.Lesson(4).FullPath);
        var result = await RunnerProcess.Result(process);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task Messages_and_new_threads_do_not_follow_the_language_of_the_machine()
    {
        var (output, errors) = await Run(
            "double half = 0.5;\nvar thread = new System.Threading.Thread(() => Console.WriteLine(half));\n"
            + "using (System.Threading.ExecutionContext.SuppressFlow()) thread.Start();\nthread.Join();",
            "int i = \"text\";");
        Assert.Contains("\n0.5\n", output, StringComparison.Ordinal);
        Assert.Contains("Cannot implicitly convert type", errors, StringComparison.Ordinal);
        Assert.Matches(@"2 cells, \d+\.\d s", output);
    }

    private Task<(string Output, string Errors)> Run(params string[] cells) => Run(invariant: false, cells);

    private async Task<(string Output, string Errors)> Run(bool invariant, params string[] cells)
    {
        var settings = new Dictionary<string, string> { ["LC_ALL"] = "de_DE.UTF-8" };
        if (invariant) settings["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using var process = RunnerProcess.Start(_folder.FullPath, settings, "run", _folder.Write("a.ipynb", cells));
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (output.ReplaceLineEndings("\n"), (await errors).ReplaceLineEndings("\n"));
    }
}
