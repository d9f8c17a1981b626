using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The layers of the source, and its line breaks.</summary>
public sealed class SourceTests
{
    private const string Runner = "GptEmbeddings.NotebookRunner.";

    private static readonly string _helpers = Path.Combine(Repository.Root, "helpers");

    private static readonly string[] _files =
        [.. Directory.GetFiles(_helpers, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    // Site/Book and Site/Texts are parts of Site, and folders themselves.
    [Fact]
    public void No_two_folders_of_the_runner_use_each_other()
    {
        var uses = (from file in _files
                    let path = Path.GetRelativePath(Path.Combine(_helpers, "NotebookRunner"), file)
                    where !path.StartsWith("..", StringComparison.Ordinal) && Path.GetDirectoryName(path) != ""
                    from used in CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetCompilationUnitRoot().Usings
                    let name = $"{used.Name}"
                    where name.StartsWith(Runner, StringComparison.Ordinal)
                    select (From: Path.GetDirectoryName(path)!.Replace(Path.DirectorySeparatorChar, '.'),
                        To: name[Runner.Length..])).Distinct().ToList();
        Assert.True(uses.Count > 20, $"{uses.Count} only");
        AssertNone(uses.Where(use => uses.Contains((use.To, use.From))).Select(use => $"{use.From} uses {use.To}"));
    }

    [Fact]
    public async Task A_checkout_that_git_is_told_to_give_CRLF_has_none()
    {
        using var folder = new NotebookFolder();
        using var clone = RunnerProcess.StartProgram(
            folder.FullPath, "git", "clone", "-q", "-c", "core.autocrlf=true", Repository.Root, "clone");
        Assert.SkipWhen((await RunnerProcess.Result(clone)).ExitCode != 0, "This is no repository of git.");
        string[] scripts = [".cs", ".js", ".sh", ".py", ".dib", ".ipynb"];
        AssertNone(Directory.GetFiles(folder.PathOf("clone"), "*", SearchOption.AllDirectories)
            .Where(file => scripts.Contains(Path.GetExtension(file)) && File.ReadAllBytes(file).Contains((byte)'\r')));
    }

    // Assert.Empty would show the first few only, cut short.
    private static void AssertNone(IEnumerable<string> found)
    {
        var told = string.Join('\n', found);
        Assert.True(told.Length == 0, told);
    }
}
