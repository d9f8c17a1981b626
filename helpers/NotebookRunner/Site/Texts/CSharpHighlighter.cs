using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptEmbeddings.NotebookRunner.Site.Texts;

/// <summary>C# as HTML in which keywords, strings, numbers, comments and directives each have a class.</summary>
internal static class CSharpHighlighter
{
    private static readonly CSharpParseOptions _options = new(LanguageVersion.CSharp13, kind: SourceCodeKind.Script);

    /// <summary>Gives the HTML. Also of code that does not compile: all of its text is there.</summary>
    public static string ToHtml(string code) => string.Concat(Pieces(code).Select(piece =>
    {
        var text = Html.Encode(piece.Text);
        return piece.Kind is null || text.Length == 0 ? text : $"<span class=\"{piece.Kind}\">{text}</span>";
    }));

    /// <summary>Gives the code in pieces: the text of each, and the class of what is to stand out.</summary>
    public static IEnumerable<(string Text, string? Kind)> Pieces(string code)
    {
        foreach (var token in CSharpSyntaxTree.ParseText(code, _options).GetRoot().DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia) yield return (trivia.ToFullString(), Class(trivia));
            yield return (token.Text, Class(token));
            foreach (var trivia in token.TrailingTrivia) yield return (trivia.ToFullString(), Class(trivia));
        }
    }

    private static string? Class(SyntaxTrivia trivia) =>
        trivia.IsDirective ? "directive" : trivia.ToString().StartsWith('/') ? "comment" : null;

    private static string? Class(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "number-literal",
        SyntaxKind.CharacterLiteralToken => "string",
        _ when token.IsKeyword() || token.Parent is IdentifierNameSyntax { IsVar: true } => "keyword",
        // Of strings in one piece, and of the pieces of interpolated ones: plain, verbatim, raw and UTF-8.
        var kind when kind.ToString().Contains("String", StringComparison.Ordinal) => "string",
        _ => null,
    };
}
