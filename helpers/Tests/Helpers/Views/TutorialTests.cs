using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The notebooks themselves: run, compared with what is saved in them, and held to their rules.</summary>
[Collection(typeof(WholeProcess))]
public sealed class TutorialTests
{
    public static TheoryData<string> Lessons => [.. Repository.Lessons.Select(lesson => lesson.Name)];

    public static TheoryData<string> All => [.. Repository.Lessons.Select(lesson => lesson.FullPath), .. Repository.Solutions.Select(solution => solution.FullPath)];

    [Fact]
    public async Task Every_notebook_gives_the_outputs_that_are_saved_in_it()
    {
        var result = await NotebookFolder.Run("check");
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.Equal(Repository.Lessons.Count + Repository.Solutions.Count, result.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_notebook_is_saved_in_Jupyters_layout_with_all_its_outputs(string path)
    {
        var notebook = NotebookFile.Load(path, path);
        Assert.Equal(File.ReadAllBytes(path), notebook.ToBytes());
        Assert.DoesNotContain(notebook.CodeCells, cell => EndsOnAValue(cell) && cell.SavedOutputs.Count == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_notebook_begins_with_its_packages_and_then_Begin(string path)
    {
        var code = NotebookFile.Load(path, path).CodeCells.Select(cell => cell.Source).ToArray();
        Assert.StartsWith("#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"", code[0], StringComparison.Ordinal);
        Assert.Contains("Tutorial.Begin();", code[1], StringComparison.Ordinal);
        Assert.DoesNotContain(code[2..], cell => cell.Contains("Tutorial.Begin(", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_asks_to_predict_at_least_three_times_and_ends_with_a_summary_and_three_exercises(string name)
    {
        var prose = Repository.Lessons.Single(lesson => lesson.Name == name).Cells.Where(cell => cell.Type == "markdown").Select(cell => cell.Source).ToArray();
        Assert.True(prose.Count(cell => cell.Contains("**Predict", StringComparison.Ordinal)) >= 3, "too few predictions");
        Assert.StartsWith("## What you can explain now", prose[^2], StringComparison.Ordinal);
        Assert.StartsWith("## Exercises", prose[^1], StringComparison.Ordinal);
        Assert.Equal(["1", "2", "3"], prose[^1].Split('\n').Where(line => line.Length > 1 && char.IsAsciiDigit(line[0])).Select(line => line[..1]));
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_has_a_solution_to_each_of_its_exercises(string name)
    {
        var solution = Repository.Solutions.Single(solution => solution.Name == name);
        foreach (var exercise in (int[])[1, 2, 3])
            Assert.Contains(solution.Cells, cell => cell.Type == "markdown" && cell.Source.StartsWith($"## {exercise}. ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Links_and_pictures_of_a_notebook_lead_to_files_that_exist(string path)
    {
        var prose = string.Concat(NotebookFile.Load(path, path).Cells.Where(cell => cell.Type == "markdown").Select(cell => cell.Source + "\n"));
        var targets = System.Text.RegularExpressions.Regex.Matches(prose, @"\]\(([^)]+)\)").Select(match => match.Groups[1].Value)
            .Where(target => !target.StartsWith("https://", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)), target));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_cell_can_be_read_without_scrolling(string path)
    {
        var cells = NotebookFile.Load(path, path).Cells;
        Assert.All(cells, cell => Assert.InRange(cell.Source.Split('\n').Length, 1, 30));
        Assert.All(cells.Where(cell => cell.Type == "code").SelectMany(cell => cell.Source.Split('\n')), line => Assert.InRange(line.Length, 0, 140));
    }

    private static bool EndsOnAValue(NotebookCell cell) =>
        cell.Source.Split('\n').Last(line => line.Length > 0).Split("//")[0].TrimEnd() is { Length: > 0 } end && end[^1] is not (';' or '}') && !end.StartsWith("#r", StringComparison.Ordinal);
}
