using System.Globalization;
using GptEmbeddings.NotebookRunner.Execution.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>
/// Compiles an app before it is written: what a notebook may do and a program may not is told here, by its cell.
/// </summary>
internal static class TrialCompilation
{
    private static readonly CSharpParseOptions _cSharp = new(LanguageVersion.CSharp13);
    private static readonly CSharpCompilationOptions _program = new(OutputKind.ConsoleApplication, warningLevel: 0);

    /// <summary>Compiles the text of a program, without the directives at its head.</summary>
    /// <exception cref="ExportException">It does not compile.</exception>
    public static void Check(AppText program, IEnumerable<PackageRequest> packages)
    {
        var references = new AssemblyReferences();
        references.AddWholeFramework();
        foreach (var package in packages) references.Add(PackageReferences.Resolve(package));
        references.Add(["Microsoft.DotNet.Interactive.Formatting"]);
        var tree = CSharpSyntaxTree.ParseText(program.ToString(), _cSharp);
        var error = CSharpCompilation.Create("app", [tree], references.Added, _program).GetDiagnostics()
            .FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        if (error is null) return;
        var line = error.Location.GetLineSpan().StartLinePosition.Line;
        var place = error.Location.IsInSource ? $"\nin `{tree.GetText().Lines[line].ToString().Trim()}`" : "";
        throw new ExportException(program.CellAt(line),
            $"as one program, which an app is, it does not compile: error {error.Id}: "
            + error.GetMessage(CultureInfo.InvariantCulture) + place);
    }
}
