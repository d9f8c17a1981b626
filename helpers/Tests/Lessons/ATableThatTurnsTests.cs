using System.Text;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;

namespace GptEmbeddings.Tests;

/// <summary>
/// What the prose of notebook 10 and of its solutions says is what their cells show. That they still show it,
/// <see cref="SavedOutputsTests"/> checks.
/// </summary>
[Collection(typeof(WholeProcess))]
public sealed class ATableThatTurnsTests
{
    private static readonly NotebookFile _lesson = Repository.Lesson(10);
    private static readonly NotebookFile _solution = Repository.Solution(10);

    [Fact]
    public void Positions_come_in_waves_and_yet_none_is_nearer_than_the_next()
    {
        var trained = Repository.Series(_lesson, "ByDistance(Tensor", 0);
        Assert.True(trained[6] > trained[3] + 0.1, $"{trained[3]}, {trained[6]}");
        Assert.Equal("nearest row is the position before or after: 511 of 511", Shown("var unitPlaces"));
    }

    [Fact]
    public void The_variance_of_the_positions_falls_off_after_ten_directions() => Assert.Equal(
        "for 90 %: positions 10, as many random rows 224\n"
        + "for 90 %: words 257, as many random rows 337\n"
        + "ten hold 93 % of the positions' variance, the tenth 7.3 %, the eleventh 2.5 %",
        Shown("int Needed("));

    [Fact]
    public void One_matrix_moves_unseen_positions_on_and_the_controls_are_far_from_it()
    {
        var fit = Shown("Tensor Step(").Split('\n')[1..].Select(line => Numbers(line)[^1]).ToArray();
        Assert.True(fit[0] > 0.99 && fit[1] > 0.99 && fit[2] < 0.6, string.Join(", ", fit));
        Assert.StartsWith("tested on 100 controls: ", Shown("Tensor Shuffled("), StringComparison.Ordinal);
        Assert.True(Numbers(Shown("Tensor Shuffled("))[^1] < 0.9);

        var trained = Repository.Series(_lesson, "double Ahead", 0);
        Assert.Equal((0.76, 0.25), (Math.Round(trained[9], 2), Math.Round(trained[19], 2)));
    }

    [Fact]
    public void It_turns_in_five_circles_a_tenth_slower_in_the_second_half()
    {
        var turns = Shown("string[][] Turns(").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.Equal(5, turns.Length);
        Assert.All(turns, turn => Assert.Equal(1, turn[0], 0.005));
        Assert.All(Enumerable.Range(1, 3), i => Assert.Equal(3, turns[i][1] / turns[i - 1][1], 0.2));
        Assert.True(turns[4][1] > 512);
        var drawing = File.ReadAllText(Path.Combine(Repository.Root, "notebooks", "images", "turning-table.svg"));
        Assert.Contains("6, 17, 52, 156 and 550 positions", drawing, StringComparison.Ordinal);
        Assert.All(((double[])[6, 17, 52, 156, 550]).Zip(turns), pair => Assert.Equal(pair.First, pair.Second[1], 1.0));

        var halves = Shown("Tensor Fit(").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.Equal(5, halves.Length);
        Assert.All(halves, turn => Assert.InRange(turn[3] / turn[1], 1.05, 1.2));
    }

    [Fact]
    public void Words_and_positions_stand_nearly_at_a_right_angle() =>
        Assert.Equal([10, 0.2, 2.6, 20, 0.3, 5.2], Numbers(Shown("double Within(")));

    [Fact]
    public void Width_alone_lets_both_be_read_and_the_right_angle_helps_along_fewer_directions_than_a_head_reads()
    {
        var read = Shown("Table([\"width\"").Split('\n')[1..]
            .Select(Numbers).ToDictionary(line => (int)line[0], line => line[1..]);
        Assert.Equal([100, 100, 100, 100], read[384]);
        Assert.True(read[16][0] >= 97);
        Assert.All([32, 64, 128], width => Assert.True(read[width][3] > read[width][2] + 10));
        var along = Shown("Table([\"directions\"").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.Equal([4, 10, 32], along.Select(line => line[0]));
        Assert.True(along[0][1] >= 90 && along[0][2] <= 35, string.Join(", ", along[0]));
        Assert.All(along[1..], line => Assert.True(line[1] == 100 && line[2] > 85, string.Join(", ", line)));
    }

    [Fact]
    public void Position_0_is_five_times_as_long_and_nearest_to_CLS()
    {
        var lengths = Repository.Series(_lesson, "positions.norm(1))]", 0);
        Assert.Equal(5, lengths[0] / lengths[1..].Average(), 0.3);
        Assert.True(lengths[^1] > 1.5 * lengths[1..].Average());
        var nearest = Shown("string[] NearestToken").Split('\n')[1..]
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.Equal(["0", "[CLS]", "0.38"], nearest[0]);
        Assert.Equal(["1", "[CLS]"], nearest[1][..2]);
    }

    [Fact]
    public void The_solutions_show_what_they_say()
    {
        var steps = Repository.Output(_solution, "string[] Tested(").Split('\n')[1..]
            .Select(line => Numbers(line)[1..]).ToArray();
        Assert.True(steps[3][1] > steps[3][0] + 0.1 && steps[3][1] < 0.6 && steps[4].Max() < 0.2);
        Assert.All(Repository.Output(_solution, "var sinusoids").Split('\n')[1..].Select(Numbers),
            line => Assert.Equal([1, 1], line[1..]));
        var zero = Repository.Output(_solution, "var farthest").Split('\n');
        Assert.Equal("position 0: 5.0 % of the variance", zero[0]);
        Assert.Equal([511, 0.9], Numbers(zero[1]));
        Assert.EndsWith("component 11", zero[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_safetensors_file_is_read_by_the_solutions_reader()
    {
        using var folder = new NotebookFolder();
        float[] numbers = [1, -2.5f, 3, 4, 5, 6.25f];
        var header = """{"__metadata__":{"format":"pt"}"""
            + ""","wte.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}"""
            + ""","wpe.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]}}    """;
        byte[] content =
        [
            .. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header),
            .. numbers.SelectMany(BitConverter.GetBytes),
        ];
        await File.WriteAllBytesAsync(
            folder.PathOf("model.safetensors"), content, TestContext.Current.CancellationToken);

        var cells = _solution.CodeCells.Select(cell => cell.Source).ToArray();
        var read = cells.Single(cell => cell.Contains("Tensor ReadTable(", StringComparison.Ordinal));
        var path = folder.PathOf("model.safetensors").Replace("\\", "/", StringComparison.Ordinal);
        folder.Write("read.ipynb", cells[0], cells[1], read, $"Show(ReadTable(\"{path}\", \"wpe.weight\"))");
        var result = await NotebookFolder.Run("save", "--quiet", folder.PathOf("read.ipynb"));
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.Equal(
            "tensor([[3.0000, 4.0000],\n        [5.0000, 6.2500]])",
            Repository.Text(NotebookFile.Load(folder.PathOf("read.ipynb"), "read").CodeCells.Last()));
    }

    private static string Shown(string code) => Repository.Output(_lesson, code);
}
