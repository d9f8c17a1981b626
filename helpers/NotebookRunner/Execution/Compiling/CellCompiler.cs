using System.Text;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>Compiles the cells of one notebook, each of which continues those before it.</summary>
internal sealed class CellCompiler
{
    /// <summary>The C# of a cell: the version that every host has.</summary>
    public static readonly CSharpParseOptions CSharp = new(LanguageVersion.CSharp13, kind: SourceCodeKind.Script);

    private static readonly ScriptOptions _options = ScriptOptions.Default
        .WithLanguageVersion(CSharp.LanguageVersion)
        .WithImports("System", "System.Collections.Generic", "System.Linq", "System.Text", "System.Threading.Tasks")
        .WithFileEncoding(Encoding.UTF8)
        // A cell sees what it is given here, and not whatever the runner itself consists of.
        .WithMetadataResolver(null!);

    // Far more than anyone writes, and far less than overflows the stacks of the threads on which Roslyn works.
    private const int MostLevels = 600;

    private readonly AssemblyReferences _references = new();
    private Script<object>? _previous;

    /// <summary>Compiles the next cell.</summary>
    public CompiledCell Compile(NotebookCell cell)
    {
        var code = "";
        try
        {
            (code, var packages) = CellDirectives.Split(cell.Source);
            foreach (var package in packages) _references.Add(PackageReferences.Resolve(package));
            if (string.IsNullOrWhiteSpace(code)) return new(null, null);
            RequireFlat(code);
            _previous = Compile(code);
            _references.Clear();
            return new(_previous, null);
        }
        catch (CompilationErrorException problem)
        {
            var later = IsCSharp14(code) ? "this is C# 14, and other hosts have C# 13 at most.\n" : "";
            return new(null, later + CompilerMessages.Describe(problem.Diagnostics));
        }
        catch (CellException problem)
        {
            return new(null, problem.Message);
        }
#pragma warning disable CA1031 // Whatever goes wrong in Roslyn concerns this cell and must not end the process.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            return new(null, $"the compiler cannot cope with it: {problem.GetType()}: {problem.Message}");
        }
    }

    private static void RequireFlat(string code)
    {
        SyntaxNode[] level = [CSharpSyntaxTree.ParseText(code, CSharp).GetRoot()];
        for (var depth = 0; depth <= MostLevels; depth++) level = [.. level.SelectMany(node => node.ChildNodes())];
        if (level.Length > 0)
            throw new CellException("its code is nested too deeply for the compiler. Split it into statements.");
    }

    private bool IsCSharp14(string code) => !Create(code, LanguageVersion.CSharp14).GetCompilation().GetDiagnostics()
        .Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private Script<object> Create(string code, LanguageVersion version)
    {
        // References pass on from cell to cell: giving them again only costs time.
        var options = _options.WithReferences(_references.Added).WithLanguageVersion(version);
        return _previous is null ? CSharpScript.Create(code, options) : _previous.ContinueWith(code, options);
    }

    private Script<object> Compile(string code)
    {
        var script = Create(code, CSharp.LanguageVersion);
        try
        {
            // Compiles as Compile() does, which however binds all code a second time, to find warnings.
            script.CreateDelegate();
            return script;
        }
        catch (CompilationErrorException) when (!_references.HasWholeFramework)
        {
            _references.AddWholeFramework();
            return Compile(code);
        }
    }
}
