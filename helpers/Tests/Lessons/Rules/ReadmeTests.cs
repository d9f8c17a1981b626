using System.Text.Json.Nodes;
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

    [Fact]
    public void The_editors_run_what_is_written_to_be_typed()
    {
        var typed = Text("notebooks/README.md").Split("```\n").Where((_, i) => i % 2 == 1)
            .Select(block => block.TrimEnd().Split('\n')).ToArray();
        Assert.Equal(3, typed[0].Length);
        Assert.Equal(typed[0], typed[1].Skip(1).SkipLast(1));
        var linux = string.Join(" && ", typed[0]);

        var tasks = JsonNode.Parse(Text(".vscode/tasks.json"))!["tasks"]!.AsArray();
        var task = Assert.Single(tasks, task => (bool?)task!["group"]?["isDefault"] == true)!;
        Assert.Equal("build", (string?)task["group"]!["kind"]);
        Assert.Equal("shell", (string?)task["type"]);
        Assert.Equal(linux, (string?)task["command"]);
        Assert.Equal(Elsewhere("~/Library/Jupyter/kernels"), (string?)task["osx"]!["command"]);
        Assert.Equal(Elsewhere("$env:APPDATA/jupyter/kernels").Replace(" && ", "; ", StringComparison.Ordinal)
            .Replace("mkdir -p", "mkdir -Force", StringComparison.Ordinal), (string?)task["windows"]!["command"]);

        var container = JsonNode.Parse(Text(".devcontainer/devcontainer.json"))!;
        Assert.Equal(linux, (string?)container["postCreateCommand"]);
        var extensions = JsonNode.Parse(Text(".vscode/extensions.json"))!["recommendations"]!.ToJsonString();
        Assert.Equal(extensions, container["customizations"]!["vscode"]!["extensions"]!.ToJsonString());

        string Elsewhere(string kernels) =>
            linux.Replace("~/.local/share/jupyter/kernels", kernels, StringComparison.Ordinal);
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"\w[\w'-]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\([^)]*\)")]
    private static partial Regex Target();
}
