using System.Runtime.InteropServices;
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

    private NewNames() { }

    /// <summary>Finds the names that clash, and a new one for the later of the two.</summary>
    /// <exception cref="ExportException">
    /// Two cells declare the same type, whose name may show in what the notebook prints.
    /// </exception>
    public static NewNames For(IReadOnlyList<ScriptCell> cells)
    {
        var result = new NewNames();
        var declared = cells.SelectMany(cell => Declared(cell).Select(symbol => (cell.Cell, Symbol: symbol))).ToList();
        RefuseSecondTypes([.. declared.Where(one => one.Symbol is INamedTypeSymbol)]);

        var used = cells.SelectMany(cell => cell.Root?.DescendantTokens() ?? [])
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText).ToHashSet();
        var taken = new HashSet<string> { Arguments };
        var topLevel = declared.Where(one => one.Symbol is not INamedTypeSymbol && ScriptCell.IsTopLevel(one.Symbol));
        foreach (var (_, symbol) in topLevel)
            if (!taken.Add(symbol.Name)) result.Rename(symbol, used);
        foreach (var (_, symbol) in declared.Where(one => ScriptCell.IsInBlock(one.Symbol)))
            if (taken.Contains(symbol.Name)) result.Rename(symbol, used);
        return result;
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
        (cell.Root?.DescendantNodes() ?? []).Select(node => cell.Model!.GetDeclaredSymbol(node)).OfType<ISymbol>()
        .Where(symbol => ScriptCell.IsTopLevel(symbol) || ScriptCell.IsInBlock(symbol))
        .Distinct<ISymbol>(SymbolEqualityComparer.Default);

    private static void RefuseSecondTypes(IReadOnlyList<(NotebookCell Cell, ISymbol Symbol)> types)
    {
        var first = new Dictionary<string, NotebookCell>();
        foreach (var (cell, type) in types)
        {
            ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(first, type.MetadataName, out var exists);
            if (exists)
                throw new ExportException(cell,
                    $"it declares the type {type.Name} again, which {before!.Label} declares. " +
                    "One program holds a type once: give one of them another name.");
            before = cell;
        }
    }
}
