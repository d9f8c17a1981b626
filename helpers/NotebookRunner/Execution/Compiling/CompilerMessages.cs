using Microsoft.CodeAnalysis;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>Says why a cell does not compile.</summary>
internal static class CompilerMessages
{
    private const int Most = 5;

    private static readonly Dictionary<string, string> _onlyInDotNetInteractive = new()
    {
        ["display"] = "CS0103",
        ["HTML"] = "CS0103",
        ["DisplayAs"] = "CS1061",
        ["Display"] = "CS1061",
    };

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
        var code = error.Location.SourceTree?.GetText().ToString(error.Location.SourceSpan) ?? "";
        var hint = _onlyInDotNetInteractive.GetValueOrDefault(code) == error.Id
            ? " (It exists only in .NET Interactive. End the cell with the value itself.)"
            : "";
        return $"line {start.Line + 1}, column {start.Character + 1}: error {error.Id}: {error.GetMessage()}{hint}";
    }
}
