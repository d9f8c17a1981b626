using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;

namespace GptEmbeddings.Tests;

/// <summary>What the solutions 5 and 7 quote of five seeds is what their own code gives for them.</summary>
public sealed class TrainingSolutionsTests
{
    private const string One = "int[] seeds = [1];", Five = "int[] seeds = [1, 2, 3, 4, 5];";

    // The ranges that the solution quotes come from such a run; another processor's may lie some points beside them.
    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public async Task Solution_7_quotes_what_its_code_gives_for_five_seeds()
    {
        using var folder = new NotebookFolder();
        var run = await TrainingTests.Run(folder, Repository.Solution(7), One, Five);
        var seeds = Repository.Output(run, "string[] columns").Split('\n')[1..]
            .GroupBy(line => (Way: line.Split(' ')[0], Heads: (int)Numbers(line)[0]), Numbers).ToArray();
        var quoted = OtherWaysToPlaceAWordTests.QuotedSeeds();
        Assert.Equal(10, seeds.Length);
        foreach (var way in seeds)
        {
            Assert.Equal(5, way.Count());
            for (var column = 0; column < 3; column++)
            {
                var range = Numbers(quoted[way.Key][column]);
                Assert.All(way, seed => Assert.InRange(seed[2 + column], range[0] - 15, range[1] + 15));
            }
        }
    }

    // Below each table of one seed stands what its code gave for all five; on other processors a little else.
    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public async Task Solutions_5_quote_what_their_code_gives_for_five_seeds()
    {
        using var folder = new NotebookFolder();
        var run = await TrainingTests.Run(folder, Repository.Solution(5), One, Five);
        var quoting = run.CodeCells.Where(cell => cell.Source.StartsWith("\"\"\"", StringComparison.Ordinal)).ToArray();
        Assert.Equal(5, quoting.Length);
        Assert.All(quoting, quoted =>
        {
            var cells = run.CodeCells.ToList();
            var made = Table(Repository.Text(cells[cells.IndexOf(quoted) - 1]));
            Assert.Equal(Table(Repository.Text(quoted)), made, TrainingMovesTheTablesTests.Near);
        });

        static double[] Table(string text) => [.. text.Trim().Split('\n')[1..].SelectMany(Numbers)];
    }
}
