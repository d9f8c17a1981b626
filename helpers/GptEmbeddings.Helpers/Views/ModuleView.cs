using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>A module: its kind and sizes, then the table of an Embedding, or a line for each parameter.</summary>
public sealed class ModuleView : View
{
    private readonly string _heading;
    private readonly View? _table;

    internal ModuleView(nn.Module module, IReadOnlyList<string>? rows, string? name)
        : base(name)
    {
        if (module is Embedding { weight: { } weight })
        {
            _table = new TensorView(weight, rows, name is null ? "weight" : $"{name}.weight");
            var (count, width) = (weight.shape[0], weight.shape[1]);
            var sizes = $"Embedding({count}, {width}): {count} rows of width {width}, {Count(weight.numel())} numbers";
            (_heading, Text) = (sizes, $"{sizes}\n{_table}");
            return;
        }

        var kind = module.GetType().Name;
        if (rows is not null)
            throw new ArgumentException(
                $"Row labels name the rows of an Embedding's table, and this {kind} has none. "
                + "Show a table itself, for example Show(module.weight, rows).",
                nameof(rows));
        // One that is not set is null.
        var parameters = module.named_parameters().Where(p => p.parameter is not null)
            .Select(p => (p.name, shape: TensorText.PythonTuple(p.parameter.shape), count: p.parameter.numel()))
            .ToArray();
        var numbers = Count(parameters.Sum(p => p.count));
        var nameWidth = parameters.Select(p => p.name.Length).DefaultIfEmpty().Max();
        var shapeWidth = parameters.Select(p => p.shape.Length).DefaultIfEmpty().Max();
        var lines = parameters.Select(
            p => $"\n  {p.name.PadRight(nameWidth)}  {p.shape.PadRight(shapeWidth)}  {Count(p.count),12}");
        _heading = Text = $"{kind}: {parameters.Length} parameters, {numbers} numbers{string.Concat(lines)}";
    }

    /// <inheritdoc/>
    public override string ToHtml() => Html.Block(Name, Html.Encode(_heading)) + _table?.ToHtml();

    private static string Count(long numbers) => numbers.ToString("N0", CultureInfo.InvariantCulture);
}
