using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;

namespace GptEmbeddings.Tests;

/// <summary>
/// What the prose of notebook 8 and of its solutions says is what their cells show. That they still show it,
/// <see cref="SavedOutputsTests"/> checks.
/// </summary>
public sealed class RealTablesTests
{
    private static readonly NotebookFile _lesson = Repository.Lesson(8);
    private static readonly NotebookFile _solution = Repository.Solution(8);

    [Fact]
    public void Neighbors_lie_far_above_those_of_a_random_table()
    {
        Assert.True(Numbers(Shown("Array.IndexOf(whole"))[1] < 0.25);
        var first = Shown("string word =").Split('\n')
            .Select(line => Regex.Matches(line, "[a-z]+").Select(match => match.Value).ElementAt(1));
        Assert.Equal(["kings", "tuesday", "walk", "cats"], first);
        Assert.All(Shown("string word =").Split('\n'), line => Assert.True(Numbers(line)[1] > 0.6));
        Assert.StartsWith(
            "trained: 50 of 50, by chance 9.2; 100 random tables: ", Shown("var random = Enumerable"),
            StringComparison.Ordinal);
        Assert.InRange(Numbers(Shown("var random = Enumerable"))[^1], 8.2, 10.2);
    }

    [Fact]
    public void Days_and_months_go_round_in_order_and_the_random_rows_do_not()
    {
        var around = Shown("string Around(").Split('\n').Select(line => line.Split(':')[1].Trim().Split(' ')).ToArray();
        Assert.Equal(["2", "in", "720"], around[2]);
        string[] days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        Assert.True(InCircularOrder(days, around[0]));
        Assert.False(InCircularOrder(days, around[1]));
        string[] months =
        [
            "january", "february", "march", "april", "may", "june",
            "july", "august", "september", "october", "november", "december",
        ];
        var monthsAround = Shown("Around(months").Split('\n');
        Assert.True(InCircularOrder(months, monthsAround[0].Split(' ')));
        Assert.Equal("by chance: 2 in 39,916,800", monthsAround[1]);
    }

    [Fact]
    public void Years_are_in_order_along_their_strongest_direction()
    {
        var numbers = Numbers(Shown("double RankCorrelation"));
        Assert.True(Math.Abs(numbers[0]) > 0.9 && Math.Abs(numbers[1]) < 0.2, string.Join(", ", numbers));
        var line = Repository.Series(_lesson, "[.. Enumerable.Range(1800", 0);
        Assert.True(line[..60].Max() - line[..60].Min() < 0.2 && line[^1] - line[210] > 0.3, "At its ends");
    }

    [Fact]
    public void Analogies_owe_most_to_striking_the_inputs()
    {
        Assert.StartsWith("king 0.67, queen", Shown("Rows(\"king\")[0] -"), StringComparison.Ordinal);
        var right = Shown("int Right(").Split('\n')[1..].Select(line => line[^2..].Trim()).ToArray();
        Assert.Equal(["5", "26", "20", "11", "13"], right);
    }

    [Fact]
    public void Unused_rows_are_nearly_one_vector_and_rare_words_are_short()
    {
        var lines = Shown("double MeanCosine").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.Equal((994, 0.82, 0.46), (lines[0][0], lines[0][1], lines[0][2]));
        Assert.Equal(0.01, lines[1][1]);
        Assert.Equal(0, lines[2][1], 0.005);
        var shortest = Shown("shortLengths, shortIds").Split('\n');
        Assert.Equal("rank correlation of place and length: -0.66", shortest[0]);
        Assert.Equal(0, Numbers(shortest[1])[0], 0.02);
        Assert.Equal(["0.46  saetan", "0.46  lucivar", "0.46  endelle"], shortest[2..5]);

        var words = Repository.Series(_lesson, "Tensor Lengths", 0);
        var longest = Array.IndexOf(words, words.Max());
        Assert.InRange(longest, 5, 20);
        Assert.True(words[0] < words[longest] - 0.2 && words[^1] < words[longest] - 0.2);
    }

    [Fact]
    public void Averaged_rows_find_sentences_that_share_no_telling_word_with_the_question()
    {
        Assert.StartsWith("0.49  The cat sat on the mat\n", Shown("string Search("), StringComparison.Ordinal);
        Assert.DoesNotContain("The cat", Shown("Search(question, randomTable)"), StringComparison.Ordinal);
        Assert.Equal("a, the, and, its", Shown("string[] questions"));
        var found = Numbers(Shown("long FoundFirst("));
        Assert.Equal([16, 20], found[..2]);
        Assert.True(found[^1] <= 4, "Random tables find few");
    }

    [Fact]
    public void An_average_has_no_order_and_a_denial_hardly_moves_it()
    {
        var cosines = Shown("string[] Alike(").Split('\n')[1..].Select(line => Numbers(line)[^1]).ToArray();
        Assert.Equal([1, 0.95, 0.9, 0.43], cosines);
    }

    [Fact]
    public void Bank_has_one_row_near_money_and_no_nearer_to_a_river_than_to_a_house()
    {
        var swim = Shown("string credit =").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.All(swim[..2], line => Assert.True(line[0] < line[1] - 0.05));
        Assert.True(swim[2][0] > swim[2][1] + 0.05, "bank");
        var lines = Shown("string Cosines(").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.True(lines[0][0] > lines[1].Max() + 0.1 && lines[1].Max() <= lines[2].Min());
    }

    [Fact]
    public void The_solutions_show_what_they_say()
    {
        string[] numbers =
        [
            "one", "two", "three", "four", "five", "six",
            "seven", "eight", "nine", "ten", "eleven", "twelve",
        ];
        string[] planets = ["mercury", "venus", "earth", "mars", "jupiter", "saturn"];
        var sets = Repository.Output(_solution, "string[] sets").Split('\n').Select(line => line.Split(' ')).ToArray();
        string[] seasons = ["spring", "summer", "autumn", "winter"];
        Assert.Equal(
            [false, false, true],
            [
                InCircularOrder(numbers, sets[0]), InCircularOrder(planets, sets[1]),
                InCircularOrder(seasons, sets[2]),
            ]);

        var sixty = Repository.Output(_solution, "var inKind");
        Assert.StartsWith("trained: 59 of 60, by chance 9.2; ", sixty, StringComparison.Ordinal);
        Assert.EndsWith("not in its kind: saw, next to looked", sixty, StringComparison.Ordinal);
        var found = Repository.Output(_solution, "average of rows of length 1").Split('\n')[1..];
        Assert.Equal([16, 15, 18, 18, 18], found.Select(line => Numbers(line)[^1]));
    }

    private static string Shown(string code) => Repository.Output(_lesson, code);

    private static bool InCircularOrder(string[] names, string[] around)
    {
        var start = Array.IndexOf(around, names[0]);
        var turned = Enumerable.Range(0, names.Length).Select(i => around[(start + i) % names.Length]).ToArray();
        return turned.SequenceEqual(names) || turned[1..].Reverse().SequenceEqual(names[1..]);
    }
}
