using System.Text;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>A tensor: the text that PyTorch prints for it and, as HTML, that text with its numbers tinted.</summary>
public sealed class TensorView : View
{
    private readonly IReadOnlyList<PrintedNumber> _numbers;
    private readonly long[] _shape;
    private readonly string[] _facts;
    private readonly bool _areNames;

    internal TensorView(Tensor tensor, IReadOnlyList<string>? rows, string? name)
        : base(name)
    {
        using var held = TensorText.Hold(tensor, Name);
        _shape = held.shape;
        _areNames = DTypes.IsInteger(held.dtype);
        _facts = [TensorText.PythonTuple(_shape), DTypes.PythonName(held.dtype), .. Statistics.Of(held)];
        (Text, _numbers) = TensorText.Print(tensor, rowLabels: rows, name: Name);
    }

    /// <summary>
    /// A header line (name, shape, data type, minimum, mean, maximum) above the printed text in a <c>pre</c>. Blue
    /// numbers are negative, orange ones positive; the largest magnitude has the fullest color. Hovering over a number
    /// shows its index. Integers are often ids, which are names: they have neither a tint nor a mean.
    /// </summary>
    public override string ToHtml()
    {
        // LINQ over these numbers would take 1.6 ms to compile before its first use.
        var largest = 0.0;
        foreach (var number in _numbers)
            if (!_areNames && double.IsFinite(number.Value)) largest = Math.Max(largest, Math.Abs(number.Value));
        var html = new StringBuilder();
        var end = 0;
        foreach (var number in _numbers)
        {
            html.Append(Html.Encode(Text[end..number.Start]));
            html.Append("<span title=\"[").AppendJoin(", ", IndexOf(number.Position)).Append("]\"");
            if (Tint.Of(number.Value, largest) is { } tint)
                html.Append(" style=\"background:").Append(tint).Append('"');
            end = number.Start + number.Length;
            html.Append('>').Append(Html.Encode(Text[number.Start..end])).Append("</span>");
        }

        return Html.Block(Name, html + Html.Encode(Text[end..]), _facts);
    }

    private long[] IndexOf(long position)
    {
        var index = new long[_shape.Length];
        for (var dimension = _shape.Length - 1; dimension >= 0; dimension--)
            (position, index[dimension]) = Math.DivRem(position, _shape[dimension]);
        return index;
    }
}
