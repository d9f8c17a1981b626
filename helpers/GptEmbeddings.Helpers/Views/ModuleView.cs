using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>A module: its kind and sizes, then its one table in full or, if it has several parameters, a line for each.</summary>
public sealed class ModuleView : View
{
    private readonly string title;
    private readonly View? table;
    private readonly string lines;

    internal ModuleView(nn.Module module, IReadOnlyList<string>? rows, string? name) : base(name)
    {
        if (module is Embedding { weight: { } weight })
        {
            title = $"Embedding({weight.shape[0]}, {weight.shape[1]}): {weight.shape[0]} rows of width {weight.shape[1]}, {Count(weight.numel())} numbers";
            table = new TensorView(weight, rows, name is null ? "weight" : $"{name}.weight");
            lines = "";
            return;
        }

        if (rows is not null)
            throw new ArgumentException($"Row labels name the rows of one table, and {module.GetType().Name} is not an Embedding. Show one of its tables instead, for example Show(module.weight, rows).", nameof(rows));
        var parameters = module.named_parameters().Select(p => (p.name, shape: $"({string.Join(", ", p.parameter.shape)})", count: p.parameter.numel())).ToArray();
        title = $"{module.GetType().Name}: {parameters.Length} parameters, {Count(parameters.Sum(p => p.count))} numbers";
        var (nameWidth, shapeWidth) = (parameters.Select(p => p.name.Length).DefaultIfEmpty().Max(), parameters.Select(p => p.shape.Length).DefaultIfEmpty().Max());
        lines = string.Concat(parameters.Select(p => $"\n  {p.name.PadRight(nameWidth)}  {p.shape.PadRight(shapeWidth)}  {Count(p.count),12}"));
    }

    /// <inheritdoc/>
    public override string ToHtml() => Html.Block(Html.Header(Name), Html.Encode(title + lines)) + table?.ToHtml();

    /// <inheritdoc/>
    public override string ToString() => table is null ? title + lines : $"{title}\n{table}";

    private static string Count(long numbers) => numbers.ToString("N0", CultureInfo.InvariantCulture);
}
