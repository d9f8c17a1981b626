using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Every number in prose is one that a cell shows, or has a source.</summary>
public sealed class ProseNumbersTests
{
    private static readonly string[] _sourced = [.. File.ReadLines(Path.Combine(
        Repository.Root, "helpers", "Tests", "Lessons", "Rules", "sourced-numbers.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
        .Select(line => line.Split(" | ")[0][2..].Trim())];

    [Fact]
    public void Every_number_in_prose_is_in_a_cell_or_a_saved_output_or_has_a_source()
    {
        var numbers = new ProseNumbers([.. Repository.All], _sourced);
        var notHeld = Repository.All.SelectMany(numbers.NotHeld).ToList();
        Assert.True(notHeld.Count == 0, $"{notHeld.Count} numbers:\n{string.Join('\n', notHeld)}");
        Assert.True(numbers.Unused.Count == 0, $"Listed, but nowhere: {string.Join("; ", numbers.Unused)}");
    }

    [Theory]
    [InlineData(8, "30,522 tokens", "35,022 tokens")]
    [InlineData(8, "cosine of 0.82", "cosine of 0.28")]
    [InlineData(5, "entropy of 1.35", "entropy of 1.53")]
    [InlineData(10, "93 % of the positions, and", "39 % of the positions, and")]
    public void A_number_that_is_falsified_in_a_copy_of_a_lesson_is_named_with_its_cell(
        int number, string right, string wrong)
    {
        var lesson = Repository.Lesson(number);
        var json = JsonNode.Parse(File.ReadAllText(lesson.FullPath))!.AsObject();
        var (index, cell) = lesson.Cells.Index().First(cell =>
            cell.Item.Type == "markdown" && cell.Item.Source.Contains(right, StringComparison.Ordinal));
        json["cells"]![index]!["source"] = cell.Source.Replace(right, wrong, StringComparison.Ordinal);
        using var folder = new NotebookFolder();
        var copy = NotebookFile.Load(folder.WriteJson($"{lesson.Name}.ipynb", json), "copy");
        var named = NotHeld(copy).Except(NotHeld(lesson));
        Assert.StartsWith($"[{index}] ", Assert.Single(named), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_is_held_by_the_rounded_figure_of_a_cell_and_by_no_part_of_another()
    {
        using var folder = new NotebookFolder();
        const string Held = "About 0.82, 93 %, 38.6 million, -0.5, 1 to 4, 50,257, 5e-3; GPT-2, `77`, float32, 4C.";
        const string NotHeldBy = "About 0.84, 39 %, 36.8 million, -0.8, 1 to 8, 257, 0.6, 7.";
        var json = NotebookFolder.Json(
            NotebookFolder.Cell("var x = 0.8194 + 0.93 + -0.5 + 1e-9 * 0.005; // 1, 4 of 50257, 38597376"),
            NotebookFolder.Cell(Held, "markdown"), NotebookFolder.Cell(NotHeldBy, "markdown"));
        var path = folder.WriteJson("a.ipynb", json);
        Assert.Equal(
            ["[2] 0.84", "[2] 39 %", "[2] 36.8 million", "[2] -0.8", "[2] 8", "[2] 257", "[2] 0.6", "[2] 7"],
            NotHeld(NotebookFile.Load(path, "a")));
    }

    // The cell and the number, as in [7] 0.82.
    private static List<string> NotHeld(NotebookFile notebook) =>
        [.. new ProseNumbers([.. Repository.All], _sourced).NotHeld(notebook)
            .Select(line => line.Split(": …")[0][line.IndexOf('[', StringComparison.Ordinal)..])];
}
