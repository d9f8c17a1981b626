using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Book;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>README.md and what lies beside it: short, true, and without a link that leads nowhere.</summary>
public sealed partial class ReadmeTests
{
    private const int MostWords = 900;

    private static readonly string[] _files =
        ["README.md", "notebooks/README.md", "notebooks/glossary.md", "helpers/README.md", ".github/CONTRIBUTING.md"];

    [Fact]
    public void It_is_read_in_a_few_minutes()
    {
        var words = Word().Count(Target().Replace(Text("README.md"), " "));
        Assert.True(words <= MostWords, $"{words} words");
    }

    [Fact]
    public void It_says_how_long_each_notebook_takes()
    {
        List<string> wrong = [];
        foreach (var lesson in Repository.Lessons)
        {
            var minutes = $"{Math.Round(ReadingTime.Minutes(lesson))}";
            var row = Text("README.md").Split('\n').Single(line => line.StartsWith("| [", StringComparison.Ordinal)
                && line.Contains($"/{lesson.Name}.ipynb)", StringComparison.Ordinal));
            if (!row.EndsWith($" | {minutes} |", StringComparison.Ordinal)) wrong.Add($"{lesson.Name}: {minutes}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var first = Repository.Lesson(1);
        Assert.Contains($"](notebooks/{first.Name}.ipynb), {Math.Round(ReadingTime.Minutes(first))} minutes.",
            Text("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_links_and_those_of_its_neighbors_lead_to_files_that_exist()
    {
        foreach (var file in _files)
        {
            var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, file))!;
            var targets = MarkdownText.Parse(Text(file)).Descendants<LinkInline>()
                .Select(link => link.Url!.Split('#')[0])
                .Where(target => target.Length > 0 && !target.StartsWith("https://", StringComparison.Ordinal));
            Assert.All(targets, target => Assert.True(
                Path.Exists(Path.Combine(folder, target)), $"{file}: {target}"));
        }
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"\w[\w'-]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\([^)]*\)")]
    private static partial Regex Target();
}
