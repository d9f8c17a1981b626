using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>
/// The lines of a cell that speak to the host and not to C#, where the compiler itself sees a directive: not in a
/// string, a comment or what <c>#if</c> leaves out. Only <c>#r "nuget: Package, Version"</c> works in every
/// host, so any other is an error.
/// </summary>
internal static partial class CellDirectives
{
    /// <summary>Splits a cell into its C#, with blank lines where the directives were, and its packages.</summary>
    /// <exception cref="CellException">A directive does not work in every host.</exception>
    public static (string Code, IReadOnlyList<PackageRequest> Packages) Split(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, CellCompiler.CSharp);
        var text = tree.GetText();
        var packages = new List<PackageRequest>();
        var removed = new List<TextChange>();
        foreach (var trivia in tree.GetRoot().DescendantTrivia().Where(trivia => trivia.IsDirective))
        {
            var line = text.Lines.GetLineFromPosition(trivia.SpanStart);
            var directive = Directive().Match(line.ToString());
            if (!directive.Success) continue;
            // Roslyn opens what an `#if` leaves out, too.
            removed.Add(new(line.Span, ""));
            if (!((DirectiveTriviaSyntax)trivia.GetStructure()!).IsActive) continue;
            var package = Package().Match(line.ToString());
            if (!package.Success)
                throw new CellException(
                    $"line {line.LineNumber + 1}: {Refuse(line.ToString(), directive.Groups[1].Value)}");
            packages.Add(new(line.LineNumber + 1, package.Groups[1].Value,
                package.Groups[2] is { Success: true, Value: var version } ? version : null));
        }

        return (text.WithChanges(removed).ToString(), packages);
    }

    private static string Refuse(string line, string name)
    {
        if (name != "#r")
            return $"`{name}` does not work in every host. Of such lines only `#r \"nuget: Package, Version\"` does.";
        if (AnyPackage().Match(line) is { Success: true } package)
        {
            var version = package.Groups[2].Success ? package.Groups[2].Value : "Version";
            return $"write it as `#r \"nuget: {package.Groups[1].Value}, {version}\"`, at the start of the line and "
                + "alone on it; other forms do not work in every host.";
        }

        var assembly = Assembly().Match(line).Groups[1].Value;
        return AssemblyReferences.IsPartOfFramework(assembly) ? $"{assembly} {AssemblyReferences.NoLineNeeded}"
            : "`#r` of a file does not work in every host. Put the code into a package and write "
                + "`#r \"nuget: Package, Version\"`.";
    }

    [GeneratedRegex(@"^\s*(#!\S*|#r\b|#load\b|#i\b)")]
    private static partial Regex Directive();

    [GeneratedRegex("""^#r\s+"nuget:\s*([^\s,/"]+)\s*(?:,\s*([^\s,/"]+)\s*)?"\s*$""")]
    private static partial Regex Package();

    [GeneratedRegex("""nuget\s*:\s*([^\s,/"]+)\s*(?:[,/]\s*([^\s,/"]+))?""", RegexOptions.IgnoreCase)]
    private static partial Regex AnyPackage();

    [GeneratedRegex("""#r\s+"([^"]+?)(?:\.dll)?"\s*$""", RegexOptions.IgnoreCase)]
    private static partial Regex Assembly();
}
