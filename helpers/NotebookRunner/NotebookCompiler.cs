using System.Collections.Concurrent;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace GptEmbeddings.NotebookRunner;

/// <summary>
/// Compiles the cells of all notebooks on a thread of its own, ahead of the cells that run: Roslyn takes most of the time.
/// </summary>
internal sealed class NotebookCompiler
{
    private const int MostErrors = 5;

    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.CSharp13)
        .WithImports("System", "System.Collections.Generic", "System.Linq", "System.Text", "System.Threading.Tasks")
        .WithFileEncoding(Encoding.UTF8);

    private static readonly Dictionary<string, string> OnlyInDotNetInteractive = new()
    {
        ["display"] = "CS0103",
        ["HTML"] = "CS0103",
        ["DisplayAs"] = "CS1061",
        ["Display"] = "CS1061",
    };

    private readonly Dictionary<Notebook, BlockingCollection<CompiledCell>> _compiled;

    /// <summary>Starts to compile.</summary>
    public NotebookCompiler(IReadOnlyList<Notebook> notebooks)
    {
        _compiled = notebooks.ToDictionary(notebook => notebook, _ => new BlockingCollection<CompiledCell>());
        new Thread(CompileAll) { IsBackground = true }.Start(notebooks);
    }

    /// <summary>Waits for the notebook's next cell. After one that cannot run there is no next.</summary>
    public CompiledCell Next(Notebook notebook, CancellationToken cancellation) => _compiled[notebook].Take(cancellation);

    private void CompileAll(object? notebooks)
    {
        foreach (var notebook in (IReadOnlyList<Notebook>)notebooks!) Compile(notebook, _compiled[notebook]);
    }

    private static void Compile(Notebook notebook, BlockingCollection<CompiledCell> compiled)
    {
        Script<object>? previous = null;
        var references = new List<MetadataReference>(PackageReferences.Framework);
        foreach (var cell in notebook.CodeCells)
        {
            var result = Compile(cell, previous, references);
            compiled.Add(result);
            if (result.Failure is not null) return;
            if (result.Script is null) continue;
            previous = result.Script;
            references.Clear();
        }
    }

    private static CompiledCell Compile(NotebookCell cell, Script<object>? previous, List<MetadataReference> references)
    {
        try
        {
            var (code, packages) = CellDirectives.Split(cell.Source);
            foreach (var (line, package, version) in packages)
                references.AddRange(Resolve(line, package, version));
            if (string.IsNullOrWhiteSpace(code)) return new(null, null);

            // References pass from a script to those that continue it; giving them again only costs time.
            var options = Options.WithReferences(references);
            var script = previous is null
                ? CSharpScript.Create(code, options)
                : previous.ContinueWith(code, options);
            // Compiles as Compile() does, which however binds all code a second time, to find warnings.
            script.CreateDelegate();
            return new(script, null);
        }
        catch (CompilationErrorException problem)
        {
            return new(null, Describe(problem.Diagnostics));
        }
        catch (CellException problem)
        {
            return new(null, problem.Message);
        }
    }

    private static IEnumerable<MetadataReference> Resolve(int line, string package, string? version)
    {
        try
        {
            return PackageReferences.Resolve(package, version);
        }
        catch (CellException problem)
        {
            throw new CellException($"line {line}: {problem.Message}");
        }
    }

    private static string Describe(IReadOnlyCollection<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        var more = errors.Count - MostErrors;
        return string.Join('\n', errors.Take(MostErrors).Select(Describe)) + (more > 0 ? $"\nand {more} more" : "");
    }

    private static string Describe(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetLineSpan();
        var named = diagnostic.Location.SourceTree?.ToString().Substring(
            diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length) ?? "";
        var hint = OnlyInDotNetInteractive.GetValueOrDefault(named) == diagnostic.Id
            ? " (It exists only in .NET Interactive. End the cell with the value itself.)"
            : "";
        return $"line {span.StartLinePosition.Line + 1}, column {span.StartLinePosition.Character + 1}: " +
            $"{diagnostic.Severity.ToString().ToLowerInvariant()} {diagnostic.Id}: {diagnostic.GetMessage()}{hint}";
    }
}
