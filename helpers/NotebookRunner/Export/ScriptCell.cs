using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>A code cell, with what the compiler knows of it.</summary>
internal sealed class ScriptCell
{
    /// <summary>Takes a cell that compiled.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="script">What it was compiled to; null for a cell of directives only.</param>
    public ScriptCell(NotebookCell cell, Script? script)
    {
        Cell = cell;
        if (script?.GetCompilation() is not { } compilation) return;
        var tree = compilation.SyntaxTrees.Single();
        Root = (CompilationUnitSyntax)tree.GetRoot();
        Model = compilation.GetSemanticModel(tree);
    }

    /// <summary>The cell.</summary>
    public NotebookCell Cell { get; }

    /// <summary>Its code, or null when it has none.</summary>
    public CompilationUnitSyntax? Root { get; }

    /// <summary>What its names mean.</summary>
    public SemanticModel? Model { get; }

    /// <summary>Whether a symbol belongs to a cell as such, and not to a type or a function within it.</summary>
    public static bool IsTopLevel(ISymbol symbol) => symbol.ContainingType is { IsScriptClass: true }
        && symbol is IFieldSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } or INamedTypeSymbol
            or IPropertySymbol;

    /// <summary>Whether a symbol is a variable of a block among the statements of a cell, such as that of a
    /// loop.</summary>
    public static bool IsInBlock(ISymbol symbol) => symbol is ILocalSymbol
        && symbol.ContainingSymbol is IMethodSymbol { IsImplicitlyDeclared: true } method
        && method.MethodKind is not (MethodKind.AnonymousFunction or MethodKind.LocalFunction);
}
