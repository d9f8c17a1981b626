using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>
/// Every notebook gives the outputs that are saved in it, in a process of its own, so that others may run meanwhile.
/// </summary>
public sealed class SavedOutputsTests
{
    // The solutions of the lessons that train are run by the tests of their five seeds.
    [Fact]
    public async Task Every_notebook_gives_what_is_saved_in_it_but_for_the_solutions_that_train()
    {
        Assert.SkipWhen(Thorough.AskedForAll, "the next one checks all of them");
        await Check(
            [.. Repository.LessonsAndQuickSolutions],
            [.. Repository.LessonsAndQuickSolutions.Select(notebook => notebook.FullPath)]);
    }

    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.AskedForAll), SkipType = typeof(Thorough))]
    public async Task Where_none_is_named_all_are_checked()
    {
        await Check([.. Repository.All], []);
    }

    private static async Task Check(NotebookFile[] notebooks, string[] named)
    {
        using var process = RunnerProcess.Start(Repository.Root, ["check", .. named]);
        var result = await RunnerProcess.Result(process);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(notebooks.Length + 1, lines.Length);
        Assert.All(notebooks.Zip(lines), pair =>
            Assert.Matches($@"^ok .*{pair.First.Name}\.ipynb: \d+ cells, \d+\.\d s$", pair.Second));
    }
}
