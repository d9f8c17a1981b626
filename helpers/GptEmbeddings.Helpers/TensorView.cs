using System.Globalization;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// A tensor: the text that PyTorch prints for it and, as HTML, that same text with every number tinted by its value.
/// </summary>
public sealed class TensorView : View
{
    private readonly PrintedTensor printed;
    private readonly long[] shape;
    private readonly string[] facts;

    internal TensorView(Tensor tensor, IReadOnlyList<string>? rows, string? name) : base(name)
    {
        printed = TensorText.Print(tensor, null, rows, Name);
        shape = tensor.shape;
        facts = [$"({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")})", DTypes.PythonName(tensor.dtype)["torch.".Length..], .. Statistics(tensor)];
    }

    /// <summary>
    /// A header line (name, shape, data type, minimum, mean, maximum) above the printed text in a <c>pre</c>. Blue numbers are
    /// negative, orange ones positive; the largest magnitude has the fullest color. Hovering over a number shows its index.
    /// </summary>
    public override string ToHtml()
    {
        var largest = printed.Numbers.Select(number => Math.Abs(number.Value)).Where(double.IsFinite).DefaultIfEmpty().Max();
        var html = new StringBuilder();
        var end = 0;
        foreach (var number in printed.Numbers)
        {
            html.Append(Html.Encode(printed.Text[end..number.Start]));
            html.Append("<span title=\"[").Append(string.Join(", ", IndexOf(number.Position))).Append("]\"");
            if (Palette.Tint(number.Value, largest) is { } tint) html.Append(" style=\"background:").Append(tint).Append('"');
            end = number.Start + number.Length;
            html.Append('>').Append(Html.Encode(printed.Text[number.Start..end])).Append("</span>");
        }
        html.Append(Html.Encode(printed.Text[end..]));
        return Html.Block(Html.Header(Name, facts), html.ToString());
    }

    /// <summary>The text of <see cref="TensorText.Format"/>, with row labels if there are any.</summary>
    public override string ToString() => printed.Text;

    private long[] IndexOf(long position)
    {
        var index = new long[shape.Length];
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
            (position, index[dimension]) = Math.DivRem(position, shape[dimension]);
        return index;
    }

    private static IEnumerable<string> Statistics(Tensor tensor)
    {
        // What has no ordered, stored numbers has no minimum: it keeps its name, shape and dtype.
        if (tensor.numel() == 0 || tensor.device_type == DeviceType.META || tensor.is_sparse || tensor.is_complex() || tensor.is_quantized())
            return [];

        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var numbers = tensor.dtype is ScalarType.Bool or ScalarType.Float16 or ScalarType.BFloat16 ? tensor.to_type(ScalarType.Float32) : tensor;
        var mean = numbers.mean([], type: ScalarType.Float64);
        return [Fact("min", numbers.min()), Fact("mean", mean), Fact("max", numbers.max())];

        string Fact(string what, Tensor value) =>
            $"{what} {value.to_type(ScalarType.Float64).item<double>().ToString(tensor.is_floating_point() || what == "mean" ? "0.0000" : "0", CultureInfo.InvariantCulture)}";
    }
}
