using System.Runtime.CompilerServices;
using GptEmbeddings.NotebookRunner.Execution.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>
/// A code cell as its parts of a program: usings, statements, types. Its text stays as it is, except where it cannot.
/// </summary>
internal sealed class ExportedCell
{
    private const string Formatting = "Microsoft.DotNet.Interactive.Formatting";

    private static readonly SymbolDisplayFormat _typeName = new(
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword);

    private readonly SemanticModel _model;
    private readonly NewNames _names;
    private readonly List<TextChange> _changes = [];

    /// <summary>Takes a cell apart.</summary>
    /// <exception cref="ExportException">It returns, which would end the app.</exception>
    public ExportedCell(ScriptCell cell, NewNames names)
    {
        (_model, _names) = (cell.Model, names);
        var root = cell.Root;
        var own = root.DescendantNodes(node => node is GlobalStatementSyntax
            or not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));
        if (own.OfType<ReturnStatementSyntax>().Any())
            throw new ExportException(cell.Cell, "its `return` would end the whole app. Use `if` and `else` instead.");
        Usings = [.. root.Usings.Select(directive => directive.WithGlobalKeyword(default).ToString())];
        foreach (var directive in root.Usings) Remove(directive.FullSpan, "");
        foreach (var node in root.DescendantNodes()) Change(node);
        PrintLastValue(root);
        // Those inside of a type move with it.
        var types = root.Members.Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .ToList();
        Types = [.. types.Select(type => Changed(root, type.FullSpan))];
        foreach (var type in types)
            Remove(type.FullSpan,
                $"// {_model.GetDeclaredSymbol(type)!.ToDisplayString(_typeName)}: at the end of this file.\n");
        var statements = Changed(root, root.FullSpan);
        Statements = statements.Length == 0 ? "" : $"// [{cell.Cell.Number}]\n{statements}";
    }

    public IReadOnlyList<string> Usings { get; }

    /// <summary>The statements, of which the last prints what the cell ends on; empty when there are none.</summary>
    public string Statements { get; }

    public IReadOnlyList<string> Types { get; }

    private bool NeedsFormatting { get; set; }

    /// <summary>The packages that printing needs, beside those of the notebook.</summary>
    public static IEnumerable<string> PackagesOf(IEnumerable<ExportedCell> cells) =>
        cells.Any(cell => cell.NeedsFormatting) ? [$"{Formatting}@{PackageReferences.VersionOf(Formatting)}"] : [];

    private void Remove(TextSpan span, string replacement)
    {
        _changes.RemoveAll(change => IsIn(span, change));
        _changes.Add(new(span, replacement));
    }

    private string Changed(CompilationUnitSyntax root, TextSpan span)
    {
        var text = root.SyntaxTree.GetText();
        var changes = _changes.Where(change => span == root.FullSpan || IsIn(span, change))
            .OrderBy(change => change.Span);
        var changed = text.WithChanges(changes).ToString();
        var (before, after) = (span.Start, text.Length - span.End);
        return changed[before..^after].Trim('\r', '\n').TrimEnd();
    }

    // What is put in at the end of a span belongs to what follows.
    private static bool IsIn(TextSpan span, TextChange change) =>
        span.Contains(change.Span) && change.Span.Start < span.End;

    private void Change(SyntaxNode node)
    {
        if (node is IdentifierNameSyntax name && NewName(name) is { } newName)
            _changes.Add(NameOfCall(name) is { } nameOf
                ? new(nameOf.Span, Literal(name.Identifier.ValueText))
                : new(name.Span, name.Parent is AnonymousObjectMemberDeclaratorSyntax { NameEquals: null }
                    ? $"{name} = {newName}" : newName));
        else if (_model.GetDeclaredSymbol(node) is { } declared && _names.Of(declared) is { } other)
            _changes.Add(new(declared.Locations[0].SourceSpan, other));
        if (node is InvocationExpressionSyntax call) KeepNames(call);
    }

    private string? NewName(ExpressionSyntax name)
    {
        var info = _model.GetSymbolInfo(name);
        return _names.Of(info.Symbol ?? info.CandidateSymbols.FirstOrDefault());
    }

    private static InvocationExpressionSyntax? NameOfCall(IdentifierNameSyntax name) =>
        name.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }
        && call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" } ? call : null;

    // Some methods show the very text of their argument. Where that changes, it is given to them as it was.
    private void KeepNames(InvocationExpressionSyntax call)
    {
        if (_model.GetOperation(call) is not IInvocationOperation operation) return;
        var end = new TextSpan(call.ArgumentList.CloseParenToken.SpanStart, 0);
        foreach (var omitted in operation.Arguments.Where(one => one.ArgumentKind == ArgumentKind.DefaultValue))
        {
            var shown = omitted.Parameter!.GetAttributes()
                .FirstOrDefault(one => one.AttributeClass?.Name == nameof(CallerArgumentExpressionAttribute))
                ?.ConstructorArguments[0].Value as string;
            var argument = operation.Arguments.FirstOrDefault(one => one.Parameter!.Name == shown)?.Value.Syntax;
            var names = argument?.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>() ?? [];
            if (names.Any(name => NewName(name) is not null))
                _changes.Add(new(end, $", {omitted.Parameter.Name}: {Literal(argument!.ToString())}"));
        }
    }

    private void PrintLastValue(CompilationUnitSyntax root)
    {
        if (root.Members.LastOrDefault() is not GlobalStatementSyntax { Statement: ExpressionStatementSyntax last }
            || !last.SemicolonToken.IsMissing) return;
        var value = last.Expression;
        var type = _model.GetTypeInfo(value).Type;
        if (MayBeNull(value, type))
        {
            _changes.Add(new(new(value.SpanStart, 0), "Console.WriteLine((object)("));
            _changes.Add(new(new(value.Span.End, 0), $") ?? \"{Formatter.NullString}\");"));
            return;
        }

        if (type is null or { SpecialType: SpecialType.System_Void })
        {
            _changes.Add(new(new(value.Span.End, 0), ";"));
            return;
        }

        NeedsFormatting = !PrintsItself(type);
        var format = NeedsFormatting ? $"{Formatting}.Formatter.ToDisplayString(" : "";
        _changes.Add(new(new(value.SpanStart, 0), $"Console.WriteLine({format}"));
        _changes.Add(new(new(value.Span.End, 0), NeedsFormatting ? ", \"text/plain\"));" : ");"));
    }

    // The console shows nothing in its place.
    private bool MayBeNull(ExpressionSyntax value, ITypeSymbol? type) => value.IsKind(SyntaxKind.NullLiteralExpression)
        || PrintsItself(type) && type!.IsReferenceType && !_model.GetConstantValue(value).HasValue
        && value is not InterpolatedStringExpressionSyntax and not BaseObjectCreationExpressionSyntax
        && !value.IsKind(SyntaxKind.AddExpression)
        && _model.GetSymbolInfo(value).Symbol?.ContainingAssembly?.Name != typeof(View).Assembly.GetName().Name;

    // What the console shows as the kernel does.
    private static bool PrintsItself(ITypeSymbol? type) => type is not null
        && (type.SpecialType is SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Char
            or SpecialType.System_Int32 or SpecialType.System_Int64
            or SpecialType.System_Single or SpecialType.System_Double
        || type.ToDisplayString() == typeof(View).FullName || PrintsItself(type.BaseType));

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
