using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>A code cell, with what the compiler knows of it.</summary>
internal sealed record ScriptCell(NotebookCell Cell, CompilationUnitSyntax Root, SemanticModel Model)
{
    public static ScriptCell Of(NotebookCell cell, Script script)
    {
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Single();
        return new(cell, (CompilationUnitSyntax)tree.GetRoot(), compilation.GetSemanticModel(tree));
    }
}
