using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>
/// The notebooks give what is saved in them on other processors too: libtorch and MKL are made to compute as they do
/// there, which takes a process of its own.
/// </summary>
public sealed class ProcessorTests
{
    private static readonly Dictionary<string, string> _oldest = new()
    {
        ["ATEN_CPU_CAPABILITY"] = "default",
        ["MKL_ENABLE_INSTRUCTIONS"] = "SSE4_2",
    };

    // And the oldest, on which they are even saved.
    public static TheoryData<string, string> Processors => new()
    {
        { "with AVX2 and two cores", "ATEN_CPU_CAPABILITY=avx2 MKL_ENABLE_INSTRUCTIONS=AVX2 OMP_NUM_THREADS=2" },
        { "of any maker", "MKL_CBWR=COMPATIBLE" },
    };

    [Fact]
    public async Task The_oldest_processor_gives_what_is_saved_in_the_lessons_that_do_not_train()
    {
        Assert.SkipWhen(Thorough.Asked, "it saves all of them");
        await Check(_oldest, [.. Enumerable.Range(1, 4).Select(number => Repository.Lesson(number).FullPath)]);
    }

    [Theory(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    [MemberData(nameof(Processors))]
    public async Task A_processor_gives_what_is_saved_where_nothing_trains_for_long(string processor, string settings)
    {
        Assert.NotEmpty(processor);
        var pairs = settings.Split(' ').Select(setting => setting.Split('='));
        await Check(
            pairs.ToDictionary(setting => setting[0], setting => setting[1]),
            [.. Repository.Quick.Select(notebook => notebook.FullPath)]);
    }

    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public async Task Saving_on_the_oldest_processor_changes_no_byte()
    {
        using var folder = new NotebookFolder();
        Directory.CreateDirectory(folder.PathOf("solutions"));
        var notebooks = Path.Combine(Repository.Root, "notebooks");
        var saved = Repository.Quick
            .Select(notebook => Path.GetRelativePath(notebooks, notebook.FullPath)).ToList();
        foreach (var name in saved) File.Copy(Path.Combine(notebooks, name), folder.PathOf(name));
        using var process =
            RunnerProcess.Start(folder.FullPath, _oldest, "save", folder.FullPath, folder.PathOf("solutions"));
        var result = await RunnerProcess.Result(process);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.All(saved, name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(notebooks, name)), File.ReadAllBytes(folder.PathOf(name))));
    }

    private static async Task Check(Dictionary<string, string> settings, params string[] notebooks)
    {
        using var process = RunnerProcess.Start(Repository.Root, settings, ["check", .. notebooks]);
        var result = await RunnerProcess.Result(process);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.Equal(
            notebooks.Length,
            result.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }
}
