using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>
/// New names for what one program cannot declare under its own. A cell may declare again what a cell before it
/// declared, a function may have overloads, and the variable of a loop may be called as a variable of another cell; the
/// statements of a program share one scope, in which every name stands once.
/// </summary>
internal sealed class NewNames
{
    // The statements of a program have a parameter of this name.
    private const string Arguments = "args";

    private readonly Dictionary<ISymbol, string> _names = new(SymbolEqualityComparer.Default);

    /// <summary>Finds the names that clash, and a new one for the later of the two.</summary>
    /// <exception cref="ExportException">
    /// Two cells declare the same type, whose name may show in what the notebook prints.
    /// </exception>
    public NewNames(IReadOnlyList<ScriptCell> cells)
    {
        var declared = cells.SelectMany(cell => Declared(cell).Select(symbol => (cell.Cell, Symbol: symbol))).ToList();
        RefuseSecondTypes(declared.Where(one => one.Symbol is INamedTypeSymbol));

        var used = cells.SelectMany(cell => cell.Root.DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText).ToHashSet();
        var taken = new HashSet<string> { Arguments };
        var topLevel = declared.Where(one => one.Symbol is not INamedTypeSymbol && IsTopLevel(one.Symbol));
        foreach (var (_, symbol) in topLevel)
            if (!taken.Add(symbol.Name)) Rename(symbol, used);
        foreach (var (_, symbol) in declared.Where(one => IsInBlock(one.Symbol)))
            if (taken.Contains(symbol.Name)) Rename(symbol, used);
    }

    /// <summary>The new name of a symbol, or null when it keeps its own.</summary>
    public string? Of(ISymbol? symbol) =>
        symbol is null ? null : _names.GetValueOrDefault(symbol.OriginalDefinition);

    private void Rename(ISymbol symbol, HashSet<string> used)
    {
        var number = 2;
        while (!used.Add(symbol.Name + number)) number++;
        _names.Add(symbol, symbol.Name + number);
    }

    private static IEnumerable<ISymbol> Declared(ScriptCell cell) =>
        cell.Root.DescendantNodes().Select(node => cell.Model.GetDeclaredSymbol(node)).OfType<ISymbol>()
        .Where(symbol => IsTopLevel(symbol) || IsInBlock(symbol))
        .Distinct<ISymbol>(SymbolEqualityComparer.Default);

    private static void RefuseSecondTypes(IEnumerable<(NotebookCell Cell, ISymbol Symbol)> types)
    {
        foreach (var same in types.GroupBy(one => one.Symbol.MetadataName))
            if (same.ElementAtOrDefault(1) is { Cell: { } cell, Symbol: var type })
                throw new ExportException(cell,
                    $"it declares the type {type.Name} again, which {same.First().Cell.Label} declares. " +
                    "One program holds a type once: give one of them another name.");
    }

    // Whether a symbol belongs to a cell as such, and not to a type or a function within it.
    private static bool IsTopLevel(ISymbol symbol) => symbol.ContainingType is { IsScriptClass: true }
        && symbol is IFieldSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } or INamedTypeSymbol
            or IPropertySymbol;

    // Whether it is a variable of a block among the statements of a cell, such as that of a loop.
    private static bool IsInBlock(ISymbol symbol) => symbol is ILocalSymbol
        && symbol.ContainingSymbol is IMethodSymbol { IsImplicitlyDeclared: true } method
        && method.MethodKind is not (MethodKind.AnonymousFunction or MethodKind.LocalFunction);
}
