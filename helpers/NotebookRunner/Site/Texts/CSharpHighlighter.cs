using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptEmbeddings.NotebookRunner.Site.Texts;

/// <summary>C# as HTML in which keywords, strings, numbers, comments and directives each have a class of their
/// own.</summary>
internal static class CSharpHighlighter
{
    private static readonly CSharpParseOptions _options = new(LanguageVersion.CSharp13, kind: SourceCodeKind.Script);

    /// <summary>Gives the HTML. Also of code that does not compile: all of its text is there.</summary>
    public static string ToHtml(string code)
    {
        var html = new StringBuilder();
        foreach (var token in CSharpSyntaxTree.ParseText(code, _options).GetRoot().DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia) Append(trivia.ToFullString(), Class(trivia));
            Append(token.Text, Class(token));
            foreach (var trivia in token.TrailingTrivia) Append(trivia.ToFullString(), Class(trivia));
        }

        return html.ToString();

        void Append(string text, string? kind)
        {
            text = WebUtility.HtmlEncode(text);
            html.Append(kind is null || text.Length == 0 ? text : $"<span class=\"{kind}\">{text}</span>");
        }
    }

    private static string? Class(SyntaxTrivia trivia) =>
        trivia.IsDirective ? "directive" : trivia.ToString().StartsWith('/') ? "comment" : null;

    private static string? Class(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "number-literal",
        SyntaxKind.CharacterLiteralToken or SyntaxKind.StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8StringLiteralToken
            or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken
            or SyntaxKind.InterpolatedMultiLineRawStringStartToken
            or SyntaxKind.InterpolatedRawStringEndToken or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.InterpolatedStringEndToken => "string",
        _ when token.IsKeyword() || token.Parent is IdentifierNameSyntax { IsVar: true } => "keyword",
        _ => null,
    };
}
