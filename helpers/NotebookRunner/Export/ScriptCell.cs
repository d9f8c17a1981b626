using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>A code cell, with what the compiler knows of it.</summary>
internal sealed record ScriptCell(NotebookCell Cell, SemanticModel Model)
{
    public CompilationUnitSyntax Root => (CompilationUnitSyntax)Model.SyntaxTree.GetRoot();
}
