using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;

namespace GptEmbeddings.Tests;

/// <summary>
/// What notebook 5 concludes holds for any seed: with margins, since a trained number differs between seeds and
/// processors. Notebook 7 quotes its solution, whose five seeds are tested beside those of solution 5.
/// </summary>
public sealed class TrainingTests
{
    // The losses and cosines of all five are held by the solution's test. Seed 2 rests on the plateau.
    public static TheoryData<int> Seeds => Thorough.AskedForAll ? [1, 2, 3, 4, 5] : [1, 2];

    [Theory(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    [MemberData(nameof(Seeds))]
    public async Task Training_moves_both_tables_to_the_same_conclusions(int seed)
    {
        using var folder = new NotebookFolder();
        Concludes(await Run(folder, Repository.Lesson(5), "Tutorial.Begin()", $"Tutorial.Begin({seed})"));
    }

    [Fact]
    public void The_saved_notebooks_reach_these_conclusions_too()
    {
        Concludes(Repository.Lesson(5));
        Differs(Repository.Lesson(7));
    }

    private static void Concludes(NotebookFile run)
    {
        // A seed may rest on a plateau, up to 0.3 above the entropy.
        var loss = Numbers(Last(run, "var losses"))[0];
        Assert.InRange(loss, ToyLanguage.Entropy(16) - 0.02, ToyLanguage.Entropy(16) + 0.3);

        var expected = Output(run, "string Classes").Split('\n')[1..];
        Assert.Equal([true, true, true],
            expected.Zip(["size", "size", "place"], (line, kind) => line.Contains(kind, StringComparison.Ordinal)));

        var cohesion = Numbers(Output(run, "string[] Cohesion"));
        Assert.InRange(cohesion[0] - cohesion[1], -0.15, 0.15);
        Assert.True(cohesion[2] - cohesion[3] > 0.6, $"within {cohesion[2]}, between {cohesion[3]}");

        var cow = Output(run, "string[] Pair").Split('\n')[1..].Select(line => Numbers(line)[^1]).ToArray();
        // On the plateau grazers and hunters are not told apart yet: cat is as near as horse.
        var parted = loss < ToyLanguage.Entropy(16) + 0.05;
        Assert.True(cow[0] > 0.9 && (parted ? cow[0] > cow[1] : Math.Abs(cow[0] - cow[1]) < 0.03)
            && cow[1] > cow[2], $"loss {loss}, horse {cow[0]}, cat {cow[1]}, grass {cow[2]}");

        // First all animals are alike and all foods; who eats what is what a run on the plateau has not found out.
        var across = Output(run, "double Across").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.True(across[1][1] > 0.9 && across[1][2] > 0.9, $"step 64: {across[1][1]}, {across[1][2]}");
        Assert.Equal(parted, across[^1][1] < 0.9 && across[^1][2] < 0.7);
        // So at step 64 cow and cat are expected to eat the same; after 800 each its own.
        Assert.Equal(Plants(run, 2, "cow"), Plants(run, 2, "cat"), 0.15);
        Assert.Equal(parted, Plants(run, 25, "cow") > 0.3 && Plants(run, 25, "cat") < 0.1);

        // One on the plateau gives many a cow a bone.
        var spoken = Output(run, "string[] Spoken").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.Equal([0, 0], spoken[0]);
        Assert.True(spoken[1][0] > (parted ? 80 : 20) && spoken[1][1] > spoken[1][0] / 2,
            $"right {spoken[1][0]}, new {spoken[1][1]}");

        var spoiled = Output(run, "var (w0, p0)").Split('\n')[1..].Select(line => Numbers(line)[^1]).ToArray();
        Assert.True(spoiled[1] > spoiled[0] + 0.05, $"positions: {spoiled[0]}, blank {spoiled[1]}");
        Assert.InRange(spoiled[2], 4, 10);
        Assert.Equal([3.50, 3.50], spoiled[3..]);
        Assert.InRange(Numbers(Output(run, "var without"))[1], ToyLanguage.Entropy(16) - 0.02,
            ToyLanguage.Entropy(16) + 0.3);

        Assert.Equal(
            "with positions:    56 of 56 right, loss 0.0\nwithout positions: 28 of 56 right, loss 0.7",
            Output(run, "string Answer"));
    }

    // The share of all plants after "the cow eats the" or "the cat eats the", which the explorer brings along.
    private static double Plants(NotebookFile run, int step, string eater)
    {
        var html = run.CodeCells.Single(cell => cell.Source.Contains("Explore.Training", StringComparison.Ordinal))
            .SavedOutputs.Single().Parts["text/html"];
        const string Start = "<script type=\"application/json\">";
        var from = html.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        var json = html[from..html.IndexOf("</script>", from, StringComparison.Ordinal)];
        var shares = JsonNode.Parse(json)!["data"]!["next"]!["shares"]![step]![eater == "cow" ? 0 : 1]!;
        return ToyLanguage.ClassOf.Select((name, id) => name == "plant" ? (double)shares[id]! : 0).Sum();
    }

    private static void Differs(NotebookFile run)
    {
        foreach (var table in new[] { "TableView Results", "Results(2)" })
        {
            var lines = Output(run, table).Split('\n')[1..];
            var (none, learned, sinusoids, rotary, linearBias) =
                (Numbers(lines[0]), Numbers(lines[1]), Numbers(lines[2]), Numbers(lines[3]), Numbers(lines[4]));
            Assert.InRange(none[0], 50, 80);
            Assert.All([learned[0], sinusoids[0], rotary[0]], inside => Assert.InRange(inside, 94, 100));
            Assert.Equal(2, lines[1].Split("no row").Length - 1);
            Assert.InRange(sinusoids[1], 30, 70);
            Assert.InRange(sinusoids[2], 15, 45);
            Assert.InRange(rotary[1], 75, 100);
            Assert.InRange(linearBias[2], table == "Results(2)" ? 55 : 90, table == "Results(2)" ? 92 : 100);
        }
    }

    internal static async Task<NotebookFile> Run(
        NotebookFolder folder, NotebookFile notebook, string code, string other, params string[] options)
    {
        var text = await File.ReadAllTextAsync(notebook.FullPath, TestContext.Current.CancellationToken);
        Assert.Contains(code, text, StringComparison.Ordinal);
        var path = folder.WriteText("seeded.ipynb", text.Replace(code, other, StringComparison.Ordinal));
        using var process = RunnerProcess.Start(folder.FullPath, ["save", "--quiet", .. options, path]);
        var result = await RunnerProcess.Result(process);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        return NotebookFile.Load(path, path);
    }

    private static string Output(NotebookFile run, string code) => Repository.Output(run, code);

    private static string Last(NotebookFile run, string code) => Output(run, code).Split('\n')[^1];
}
