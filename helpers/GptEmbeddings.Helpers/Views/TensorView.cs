using System.Text;
using TorchSharp.Modules;
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
        using var scope = NewDisposeScope();
        var held = TensorText.Hold(tensor, Name);
        printed = TensorText.Print(held, tensor is Parameter, null, rows);
        shape = held.shape;
        facts = [TensorText.PythonTuple(shape), DTypes.PythonName(held.dtype)["torch.".Length..], .. Statistics.Of(held)];
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
}
