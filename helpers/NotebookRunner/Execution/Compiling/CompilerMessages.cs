using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>Says why a cell does not compile.</summary>
internal static class CompilerMessages
{
    private const int Most = 5;

    private const string OnlyInDotNetInteractive =
        " (It exists only in .NET Interactive. What every host shows is what a cell prints and the value it ends on.)";

    // What is told of a name that nothing here has, or, Math and Display, not so.
    private static readonly string[] _unknown = ["CS0103", "CS0117", "CS0234", "CS0246", "CS1061", "CS1955"];

    private static readonly HashSet<string> _kernelsNames =
    [
        "display", "Display", "DisplayAs", "DisplayTable", "DisplayedValue", "ToDisplayString",
        "HTML", "SVG", "CSS", "Javascript", "LaTeX", "LaTeXString", "Math", "MathString", "HtmlString",
        "IHtmlContent", "PocketView", "PocketViewTags", "Formatter", "HtmlFormatter", "PlainTextFormatter",
        "CSharpKernel", "CompositeKernel", "Kernel", "KernelInvocationContext", "KernelExtensions",
    ];

    private static readonly string[] _kernelsNamespaces = ["Microsoft.DotNet.Interactive", "Microsoft.AspNetCore.Html"];

    /// <summary>Gives the first errors, each with its place in the cell.</summary>
    public static string Describe(IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        return string.Join('\n', errors.Take(Most).Select(Describe)) +
            (errors.Count > Most ? $"\nand {errors.Count - Most} more" : "");
    }

    private static string Describe(Diagnostic error)
    {
        var start = error.Location.GetLineSpan().StartLinePosition;
        var hint = _unknown.Contains(error.Id) && IsKernels(error.Location) ? OnlyInDotNetInteractive : "";
        var message = error.GetMessage(CultureInfo.InvariantCulture);
        return $"line {start.Line + 1}, column {start.Character + 1}: error {error.Id}: {message}{hint}";
    }

    private static bool IsKernels(Location location)
    {
        var name = location.SourceTree!.GetRoot().FindNode(location.SourceSpan, getInnermostNodeForTie: true);
        var whole = name.AncestorsAndSelf().TakeWhile(node => node is NameSyntax or MemberAccessExpressionSyntax)
            .LastOrDefault()?.ToString() ?? "";
        return _kernelsNames.Contains(location.SourceTree.GetText().ToString(location.SourceSpan))
            || _kernelsNamespaces.Any(one => whole.StartsWith(one, StringComparison.Ordinal));
    }
}
