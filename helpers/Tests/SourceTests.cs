using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The measures of the source: lengths of lines, names of private fields, line breaks.</summary>
public sealed class SourceTests
{
    private const int LongestLine = 120;

    private static readonly string _helpers = Path.Combine(Repository.Root, "helpers");

    private static readonly string[] _files =
        [.. Directory.GetFiles(_helpers, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    [Fact]
    public void No_line_is_longer_than_a_screen_is_wide() => AssertNone(
        from file in _files
        from line in File.ReadLines(file).Index()
        where line.Item.Length > LongestLine
        select $"{Name(file)}:{line.Index + 1} has {line.Item.Length} characters");

    [Fact]
    public void A_private_field_begins_with_an_underscore() => AssertNone(
        from file in _files
        from field in CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes()
            .OfType<FieldDeclarationSyntax>()
        where !field.Modifiers.Any(SyntaxKind.ConstKeyword)
            && !field.Modifiers.Any(SyntaxKind.PublicKeyword) && !field.Modifiers.Any(SyntaxKind.InternalKeyword)
        from variable in field.Declaration.Variables
        where variable.Identifier.Text[0] != '_'
        select $"{Name(file)}: {variable.Identifier.Text}");

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

    private static string Name(string path) => Path.GetRelativePath(_helpers, path);
}
