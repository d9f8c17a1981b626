using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Book;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The rules that every notebook keeps.</summary>
public sealed partial class NotebookRulesTests
{
    private const double MostMinutes = 25;

    public static TheoryData<string> Lessons => [.. Repository.Lessons.Select(lesson => lesson.Name)];

    public static TheoryData<string> Road => [.. Repository.Road.Select(lesson => lesson.Name)];

    public static TheoryData<string> All =>
        [.. Repository.All.Select(notebook => notebook.FullPath)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_notebook_is_saved_in_Jupyters_layout_with_all_its_outputs_in_at_most_a_megabyte(string path)
    {
        var (notebook, saved) = (NotebookFile.Load(path, path), File.ReadAllBytes(path));
        Assert.Equal(saved, notebook.ToBytes());
        Assert.InRange(saved.Length, 1, 1_000_000);
        Assert.DoesNotContain(notebook.CodeCells, cell => EndsOnAValue(cell) && cell.SavedOutputs.Count == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_notebook_begins_with_its_packages_and_then_Begin(string path)
    {
        var code = NotebookFile.Load(path, path).CodeCells.Select(cell => cell.Source).ToArray();
        const string Packages = "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"";
        Assert.StartsWith(Packages, code[0], StringComparison.Ordinal);
        Assert.Contains("Tutorial.Begin();", code[1], StringComparison.Ordinal);
        Assert.DoesNotContain(code[2..], cell => cell.Contains("Tutorial.Begin(", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_asks_to_predict_three_times_and_ends_with_a_summary_a_self_test_and_exercises(string name)
    {
        var prose = Prose(name);
        var predictions = prose.Count(cell => cell.Contains("**Predict", StringComparison.Ordinal));
        Assert.True(predictions >= 3, $"{predictions} predictions");
        Assert.StartsWith("## What you can explain now", prose[^3], StringComparison.Ordinal);
        Assert.StartsWith("## Self-test", prose[^2], StringComparison.Ordinal);
        Assert.StartsWith("## Exercises", prose[^1], StringComparison.Ordinal);
        Assert.Equal(["1. ", "2. ", "3. "], Exercise().Matches(prose[^1]).Select(match => match.Value));
    }

    [Theory]
    [MemberData(nameof(Road))]
    public void A_notebook_on_the_road_takes_at_most_25_minutes(string name)
    {
        var minutes = ReadingTime.Minutes(Repository.Lessons.Single(lesson => lesson.Name == name));
        Assert.True(minutes <= MostMinutes, $"{minutes:0.0} minutes");
    }

    [Fact]
    public void A_notebook_on_the_road_ends_its_summary_with_the_link_to_the_next() =>
        Assert.All(Repository.Road.Zip(Repository.Road.Skip(1)), pair => Assert.EndsWith(
            $"]({pair.Second.Name}.ipynb", Prose(pair.First.Name)[^3].Split("\n\n").Last(part => part.Contains(
                ".ipynb", StringComparison.Ordinal)).Split(')')[0], StringComparison.Ordinal));

    // On the pages the answer is folded with the output that it explains.
    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_prediction_is_answered_after_the_cell_that_shows_it(string name)
    {
        var cells = Repository.Lessons.Single(lesson => lesson.Name == name).Cells;
        foreach (var (index, cell) in cells.Index())
            if (cell.Type == "markdown" && cell.Source.Contains("**Predict", StringComparison.Ordinal))
            {
                var rest = cells.Skip(index + 1).ToList();
                var place = $"cell {index}, …{cell.Source[^Math.Min(60, cell.Source.Length)..]}";
                Assert.True(rest[0].Type == "code", $"{place}: no code follows");
                Assert.True(rest.First(next => next.Type != "code").Answers, $"{place}: no answer follows");
            }
    }

    // The blank lines have what is inside of <details> read as Markdown, on GitHub, in every editor and on the pages.
    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_self_test_has_five_to_eight_questions_and_each_answer_names_the_section_that_shows_it(string name)
    {
        var prose = Prose(name);
        var sections = prose.SelectMany(cell => Heading().Matches(cell)).Select(match => match.Groups[1].Value)
            .ToArray();
        var questions = Question().Matches(prose[^2]).ToArray();
        Assert.InRange(questions.Length, 5, 8);
        Assert.Equal(questions.Length, prose[^2].Split("<details>").Length - 1);
        Assert.Equal(
            Enumerable.Range(1, questions.Length).Select(i => $"{i}"),
            questions.Select(question => question.Groups[1].Value));
        Assert.All(questions, question => Assert.Contains(
            sections, section => question.Groups[2].Value.Contains($"*{section}*", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_has_a_solution_to_each_of_its_exercises(string name)
    {
        var cells = Repository.Solutions.Single(solution => solution.Name == name).Cells;
        foreach (var exercise in (int[])[1, 2, 3])
            Assert.Contains(cells, cell => cell.Source.StartsWith($"## {exercise}. ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Links_and_pictures_of_a_notebook_lead_to_files_that_exist(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var targets = NotebookFile.Load(path, path).Cells.Where(cell => cell.Type == "markdown")
            .SelectMany(cell => Link().Matches(cell.Source)).Select(match => match.Groups[1].Value)
            .Where(target => !target.StartsWith("https://", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.True(File.Exists(Path.Combine(folder, target)), target));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_cell_can_be_read_without_scrolling(string path)
    {
        var cells = NotebookFile.Load(path, path).Cells;
        foreach (var cell in cells.Where(cell => !cell.Source.StartsWith("## Self-test", StringComparison.Ordinal)))
        {
            var lines = cell.Source.Split('\n');
            var most = cell.Type != "code" ? 30 : Class().IsMatch(cell.Source) ? 24 : 20;
            Assert.True(lines.Length <= most, $"{lines.Length} lines, more than {most}: {lines[0]}");
            if (cell.Type == "code")
                Assert.All(lines, line => Assert.True(line.Length <= 88, $"{line.Length} characters: {line}"));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_cell_multiplies_by_the_one_operation_that_ends_the_process_when_sizes_do_not_fit(string path) =>
        Assert.All(NotebookFile.Load(path, path).CodeCells, cell => Assert.DoesNotMatch(@"\bmatmul\b", cell.Source));

    [Fact]
    public void A_drawing_says_what_it_shows_to_those_who_cannot_see_it()
    {
        var drawings = Directory.GetFiles(Path.Combine(Repository.Root, "notebooks", "images"), "*.svg");
        Assert.NotEmpty(drawings);
        Assert.All(drawings.Select(File.ReadAllText), drawing =>
        {
            Assert.Contains("role=\"img\"", drawing, StringComparison.Ordinal);
            Assert.Matches("<title[^>]*>[^<]{10,}</title>", drawing);
            Assert.Matches("<desc[^>]*>[^<]{40,}</desc>", drawing);
        });
    }

    private static string[] Prose(string name)
    {
        var cells = Repository.Lessons.Single(lesson => lesson.Name == name).Cells;
        return [.. cells.Where(cell => cell.Type == "markdown").Select(cell => cell.Source)];
    }

    [GeneratedRegex(@"^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(
        @"^\*\*(\d)\.\*\* .+?\n\n<details><summary>Answer</summary>\n\n(.+?)\n\n</details>",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Question();

    [GeneratedRegex(@"^\d+\. ", RegexOptions.Multiline)]
    private static partial Regex Exercise();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bclass \w")]
    private static partial Regex Class();

    private static bool EndsOnAValue(NotebookCell cell)
    {
        var end = cell.Source.Split('\n').Last(line => line.Length > 0).Split("//")[0].TrimEnd();
        return end.Length > 0 && end[^1] is not (';' or '}') && !end.StartsWith("#r", StringComparison.Ordinal);
    }
}
