using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static GptEmbeddings.Tests.LessonTests;

namespace GptEmbeddings.Tests;

/// <summary>
/// What notebooks 5 and 6 conclude holds for any seed: with margins, since a trained number differs between seeds and
/// processors.
/// </summary>
[Collection(typeof(WholeProcess))]
public sealed class TrainingTests
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5];

    [Theory(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    [MemberData(nameof(Seeds))]
    public async Task Training_moves_both_tables_to_the_same_conclusions(int seed)
    {
        using var folder = new NotebookFolder();
        var run = await Run(folder, 5, seed);

        var (loss, entropy) = Pair(Numbers(Last(run, "var losses")));
        Assert.InRange(loss, entropy, entropy + 0.06);

        var cohesion = Numbers(Output(run, "string Cohesion"));
        Assert.InRange(cohesion[0] - cohesion[1], -0.15, 0.15);
        Assert.True(cohesion[2] - cohesion[3] > 0.6, $"within {cohesion[2]}, between {cohesion[3]}");

        var neighbors = Output(run, "string Nearest").Split('\n')
            .Select(line => line[line.IndexOf("after: ", StringComparison.Ordinal)..]).ToArray();
        Assert.Equal(["cow", "goat", "horse", "sheep"], neighbors[0][7..].Split(", ").Append("cow").Order());
        Assert.Equal(["cat", "dog", "fox", "wolf"], neighbors[1][7..].Split(", ").Append("fox").Order());
        Assert.Equal(["clover", "corn", "grass", "hay"], neighbors[2][7..].Split(", ").Append("hay").Order());

        var positions = Numbers(Output(run, "double[] ByDistance").Split('\n')[0]);
        Assert.True(positions[2] - positions[5] > 0.05, $"neighbors {positions[2]}, distant {positions[5]}");

        var spoiled = Output(run, "double LossWith").Split('\n')
            .Where(line => line.Length > 0).Select(line => Numbers(line)[0]).ToArray();
        Assert.True(
            spoiled[1] > spoiled[0] + 0.05 && spoiled[2] > spoiled[0] + 0.05,
            $"positions: {spoiled[0]}, {spoiled[1]}, {spoiled[2]}");
        Assert.Equal(Math.Log(33), spoiled[3], 0.01);
        Assert.True(spoiled[4] > spoiled[3] + 1, $"words: {spoiled[3]}, {spoiled[4]}");

        Assert.Equal("best possible without order: 50 % right, loss 0.693", Output(run, "var bestAccuracy"));
        var order = Output(run, "bool usesPositions)\n{\n    var model").Split('\n').Select(Numbers).ToArray();
        Assert.True(order[0][0] >= 98 && order[0][1] < 0.1, $"with positions: {order[0][0]} %, {order[0][1]}");
        Assert.InRange(order[1][0], 40, 60);
        Assert.InRange(order[1][1], 0.69, 0.72);
    }

    [Theory(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    [MemberData(nameof(Seeds))]
    public async Task Ways_to_place_a_word_differ_beyond_the_trained_length(int seed)
    {
        using var folder = new NotebookFolder();
        var lines = Output(await Run(folder, 6, seed), "string Train(Places places)").Split('\n')[1..];
        var (none, learned) = (Numbers(lines[0]), Numbers(lines[1]));
        var (sinusoids, rotary, linearBias) = (Numbers(lines[2]), Numbers(lines[3]), Numbers(lines[4]));

        Assert.InRange(none[0], 50, 80);
        Assert.All([learned[0], sinusoids[0], rotary[0], linearBias[0]], inside => Assert.InRange(inside, 94, 100));
        Assert.Equal(2, lines[1].Split("no row").Length - 1);
        Assert.InRange(sinusoids[1], 30, 70);
        Assert.InRange(sinusoids[2], 15, 45);
        Assert.InRange(rotary[1], 85, 100);
        Assert.True(rotary[2] <= rotary[1], $"rotary: {rotary[1]}, then {rotary[2]}");
        Assert.InRange(linearBias[2], 90, 100);
    }

    [Fact]
    public void The_saved_notebooks_reach_these_conclusions_too()
    {
        Assert.InRange(Numbers(Repository.Output(Repository.Lesson(5), "string Cohesion"))[2], 0.6, 1);
        Assert.Contains(
            "without positions: 50 % right",
            Repository.Output(Repository.Lesson(5), "bool usesPositions)\n{\n    var model"),
            StringComparison.Ordinal);
    }

    private static async Task<NotebookFile> Run(NotebookFolder folder, int lesson, int seed)
    {
        var notebook = Repository.Lesson(lesson);
        var text = await File.ReadAllTextAsync(notebook.FullPath, TestContext.Current.CancellationToken);
        var path = folder.WriteText(
            "seeded.ipynb", text.Replace("Tutorial.Begin()", $"Tutorial.Begin({seed})", StringComparison.Ordinal));
        var result = await NotebookFolder.Run("save", "--quiet", path);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        return NotebookFile.Load(path, path);
    }

    private static string Output(NotebookFile run, string code) => Repository.Output(run, code);

    private static string Last(NotebookFile run, string code) => Output(run, code).Split('\n')[^1];

    private static (double, double) Pair(double[] numbers) => (numbers[0], numbers[1]);
}
