using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The measures of the source: lengths of lines and methods, files in a folder, names of private
/// fields.</summary>
public sealed class SourceTests
{
    private const int LongestLine = 120;
    private const int LongestMethod = 40;
    private const int MostFiles = 12;

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
    public void No_method_is_longer_than_a_screen_is_high() => AssertNone(
        from file in _files
        let tree = CSharpSyntaxTree.ParseText(File.ReadAllText(file),
            cancellationToken: TestContext.Current.CancellationToken)
        from node in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        let place = tree.GetLineSpan(node.Span)
        let lines = place.EndLinePosition.Line - place.StartLinePosition.Line + 1
        where lines > LongestMethod
        select $"{Name(file)}:{place.StartLinePosition.Line + 1} has {lines} lines");

    [Fact]
    public void No_folder_is_longer_than_a_glance()
    {
        var folders = Directory.GetDirectories(_helpers, "*", SearchOption.AllDirectories).Where(folder =>
            Path.GetFileName(folder) is not ("bin" or "obj"));
        AssertNone(
            from folder in folders
            let count = Directory.GetFiles(folder).Length
            where count > MostFiles
            select $"{Name(folder)} holds {count} files");
    }

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
