using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>A code cell, with what the compiler knows of it.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Root">Its code.</param>
/// <param name="Model">What the names in it mean.</param>
internal sealed record ScriptCell(NotebookCell Cell, CompilationUnitSyntax Root, SemanticModel Model)
{
    /// <summary>Takes a cell that compiled to a script.</summary>
    public static ScriptCell Of(NotebookCell cell, Script script)
    {
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Single();
        return new(cell, (CompilationUnitSyntax)tree.GetRoot(), compilation.GetSemanticModel(tree));
    }
}
