using System.Globalization;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;

namespace GptEmbeddings.Tests;

/// <summary>What notebook 6 and its solution say, in the outputs that are saved and over five seeds.</summary>
public sealed class GptThatWritesTests
{
    private const int V = 2_000;

    private static readonly NotebookFile _lesson = Repository.Lesson(6), _solution = Repository.Solution(6);

    // Computed once more, in doubles and without tensors.
    [Fact]
    public void Counting_runs_of_tokens_reaches_the_losses_that_both_notebooks_show()
    {
        var kept = Docs.Of.Kept;
        long[] Stream(Func<int, bool> takes) =>
            [.. kept.Where((_, i) => takes(i)).SelectMany(ids => ids.Prepend(0))];
        var (train, test) = (Stream(i => i % 17 > 0), Stream(i => i % 17 == 0));
        Assert.Equal(
            $"{kept.Length:N0} texts kept; {train.Length:N0} tokens to train on, {test.Length:N0} to test with",
            Output("var (learn, probe)"));

        var ones = train.CountBy(id => id).ToDictionary();
        var twos = train.Zip(train[1..]).CountBy(pair => pair).ToDictionary();
        var threes = train.Zip(train[1..], train[2..]).CountBy(triple => triple).ToDictionary();
        double One(long id) => (ones.GetValueOrDefault(id) + 0.5) / (train.Length + (0.5 * V));
        double Two(long a, long b) =>
            (twos.GetValueOrDefault((a, b)) + (2 * One(b))) / (ones.GetValueOrDefault(a) + 2);
        double Three(long a, long b, long c) =>
            (threes.GetValueOrDefault((a, b, c)) + (2 * Two(b, c))) / (twos.GetValueOrDefault((a, b)) + 2);

        var frequencies = -test[1..].Average(id => Math.Log(One(id)));
        var pairs = -test.Zip(test[1..]).Average(pair => Math.Log(Two(pair.First, pair.Second)));
        var triples = -test.Zip(test[1..], test[2..]).Average(run => Math.Log(Three(run.First, run.Second, run.Third)));
        Assert.Equal([Math.Log(V), frequencies, pairs], Column(_lesson, "string[] kinds", 0), Rounded);
        Assert.Equal([frequencies, pairs, triples], Column(_solution, "Enumerable.Range(1, 4)", 1)[..3], Rounded);
        Assert.Equal([ones.Count, twos.Count, threes.Count], Column(_solution, "Enumerable.Range(1, 4)", 2)[..3]);

        static bool Rounded(double exact, double shown) => Math.Abs(exact - shown) < 0.006;
    }

    [Fact]
    public void The_model_that_is_saved_learned_more_than_pairs_and_little_by_heart()
    {
        var losses = Numbers(Output("var losses").Split('\n')[^1]);
        Assert.InRange(losses[0], 2.1, 2.35);
        Assert.InRange(losses[1], 2.7, 2.8);
        Assert.All(Column(_lesson, "var read", 1)[2..], byHeart => Assert.InRange(byHeart, 0, 20));

        var pairs = Numbers(Output("int Found"));
        Assert.Equal(49, pairs[0]);
        Assert.InRange(pairs[1], 0, 2);
        Assert.InRange(pairs[2], 22, 45);
        Assert.Contains(" maximum", Output("\"minimum\", \"Double\"").Split('\n')
            .Single(line => line.StartsWith("minimum", StringComparison.Ordinal)), StringComparison.Ordinal);
        var neighbors = Numbers(Output("int Neighbors"));
        Assert.InRange(neighbors[0], 0, 6);
        Assert.InRange(neighbors[2], 12, 32);
    }

    [Fact]
    public void A_word_that_is_not_made_of_its_tokens_is_named() => Assert.Equal(
        "The model does not know 'ebra' of 'Gets the zebra': it is not among its 1,999 tokens.\n",
        Output("catch (ArgumentException"));

    [Fact]
    public void README_quotes_a_sentence_that_the_model_of_the_notebook_wrote()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var quoted = readme.Split("*\n").Select(part => part[(part.LastIndexOf('*') + 1)..])
            .Single(text => text.EndsWith('.') && !text.Contains('\n'));
        Assert.Contains(quoted, Output("Write(3, heat)").Split('\n').Concat(Output("var losses").Split('\n'))
            .Concat(Output("start: \"true if").Split('\n')).Select(line => line.Split("  ")[^1].Trim()));
    }

    [Fact]
    public void The_drawing_has_the_ids_of_its_tokens()
    {
        var drawing = File.ReadAllText(Path.Combine(Repository.Root, "notebooks", "images", "gpt-with-numbers.svg"));
        foreach (var token in new[] { " true", " if" })
        {
            var id = Array.IndexOf(Docs.Of.Tokens, token);
            Assert.Contains($">{id}<", drawing, StringComparison.Ordinal);
            Assert.Contains($">␣{token[1..]}<", drawing, StringComparison.Ordinal);
        }

        Assert.Contains("0 58 31", Output("var byPlace"), StringComparison.Ordinal);
    }

    [Fact]
    public void Five_seeds_are_quoted_as_they_came_out()
    {
        var (losses, others) = (Seeds("seed  loss with"), Seeds("seed  1 apart"));
        Assert.Equal([1, 2, 3, 4, 5], losses.Select(seed => seed[0]));
        Assert.Equal([1, 2, 3, 4, 5], others.Select(seed => seed[0]));
        foreach (var notebook in new[] { _lesson, _solution })
        {
            Quoted(notebook, Range(losses, 1, "F2"));
            Quoted(notebook, Range(losses, 2, "F2"));
            Quoted(notebook, Range(losses, 3, "F2"));
            Quoted(notebook, Range([.. losses.Select(seed => new[] { seed[2] - seed[1] })], 0, "F2"));
        }

        Quoted(_lesson, $"finds {Range(losses, 4, "F0")} of them");
        Quoted(_lesson, $"{Range(others, 1, "F2")} with the seeds 1 to 5");
        Quoted(_lesson, $"({Range(others, 2, "F2")})");
        Quoted(_lesson, $"({Range(others, 3, "F2")})");
        Quoted(_lesson, $"for {Range(others, 4, "F0")} of the 32 positions");
        Quoted(_lesson,
            $"{others.Min(seed => seed[5])} of 200 with one seed, {others.Max(seed => seed[5])} with another");
        Quoted(_lesson, $"{Range(others, 6, "F0")} of 200 at 0.5, {Range(others, 7, "F0")} at 0.8");
        Assert.All(others, seed => Assert.InRange(seed[8], 0, 1));
    }

    // Trained numbers differ a little between processors; what is counted differs more.
    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public async Task Solution_6_quotes_what_its_code_gives_for_five_seeds()
    {
        using var folder = new NotebookFolder();
        var run = await TrainingTests.Run(
            folder, _solution, "int[] seeds = [1];", "int[] seeds = [1, 2, 3, 4, 5];", "--timeout", "900");
        var (losses, others) = (Made(run, "var rows"), Made(run, "rows.Select(row => (string[])"));
        Assert.Equal(5, losses.Length);
        foreach (var (quoted, made) in Seeds("seed  loss with").Zip(losses))
        {
            Assert.Equal(quoted[..3], made[..3], (a, b) => Math.Abs(a - b) <= 0.04);
            Assert.Equal(quoted[3], made[3], 0.12);
            Assert.InRange(made[2] - made[1], 0.05, 0.13);
            Assert.InRange(made[4], 24, 42);
        }

        foreach (var (quoted, made) in Seeds("seed  1 apart").Zip(others))
        {
            Assert.Equal(quoted[..4], made[..4], (a, b) => Math.Abs(a - b) <= 0.08);
            Assert.InRange(made[4], 10, 28);
            Assert.InRange(made[6], 10, 45);
            Assert.InRange(made[7], 0, 15);
            Assert.InRange(made[8], 0, 3);
        }
    }

    private static double[][] Seeds(string quoted) => Made(_solution, quoted);

    private static double[][] Made(NotebookFile run, string code) =>
        [.. Repository.Output(run, code).Trim().Split('\n')[1..].Select(Numbers)];

    private static double[] Column(NotebookFile notebook, string code, int column) =>
        [.. Repository.Output(notebook, code).Split('\n')[1..].Select(line => Numbers(line)[column])];

    private static string Output(string code) => Repository.Output(_lesson, code);

    private static void Quoted(NotebookFile notebook, string text) => Assert.Contains(
        notebook.Cells, cell => cell.Type == "markdown" && cell.Source.Contains(text, StringComparison.Ordinal));

    private static string Range(double[][] seeds, int column, string format)
    {
        var (least, most) = (seeds.Min(seed => seed[column]), seeds.Max(seed => seed[column]));
        return least.ToString(format, CultureInfo.InvariantCulture) + " to "
            + most.ToString(format, CultureInfo.InvariantCulture);
    }
}
