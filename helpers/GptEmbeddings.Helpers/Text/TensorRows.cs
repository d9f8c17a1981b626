using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>Writes the elements of a tensor in nested brackets, row by row.</summary>
/// <remarks>
/// The rules are those of <c>_tensor_str</c>, <c>_tensor_str_with_formatter</c> and <c>_vector_str</c> in
/// PyTorch 2.10's <c>_tensor_str.py</c>.
/// </remarks>
internal sealed class TensorRows(
    ShownElements elements, PrintOptions options, TextLines text, int indent, IReadOnlyList<string>? rowLabels)
{
    private readonly NumberFormat _real = new(elements, 0, options);
    private readonly NumberFormat? _imaginary = elements.Parts == 2 ? new(elements, 1, options) : null;
    private int _next;

    // The width of a number, a comma, a space, and a j.
    private long ItemWidth => _real.Width + 2L + (_imaginary is null ? 0 : _imaginary.Width + 1);

    /// <summary>Writes the rows that are shown of a tensor that is dense, or quantized with one scale.</summary>
    public static void Write(
        Tensor tensor, PrintOptions options, TextLines text, int indent, IReadOnlyList<string>? rowLabels = null)
    {
        var (count, hidesAll) = (tensor.numel(), options.EdgeItems == 0 && tensor.dim() > 0);
        if (count == 0 || (hidesAll && count > options.Threshold))
        {
            text.Append(count == 0 ? "[]" : "[...]");
            return;
        }

        var elements = new ShownElements(tensor, options);
        var rows = new TensorRows(elements, options, text, indent, rowLabels);
        TextLines.RequireFits(rows.ItemWidth * elements.Count);
        rows.WriteItem(0, 0);
    }

    /// <summary>Writes one item: a number, or in brackets all that it is made of.</summary>
    /// <param name="dimension">How many brackets are open around it.</param>
    /// <param name="position">Its flat row-major index among the items of that kind in the whole tensor.</param>
    private void WriteItem(int dimension, long position)
    {
        var below = elements.Shape.Length - dimension - 1;
        if (below < 0)
        {
            WriteNumber(position);
            return;
        }

        var column = indent + dimension;
        var itemsThatFit = below > 0 ? 1 : Math.Max((options.LineWidth - column) / ItemWidth, 1);
        var inLine = 0L;
        text.Append("[");
        for (var item = 0L; item < elements.Shown(dimension); item++)
        {
            if (elements.IsGapBefore(dimension, item))
            {
                Separate();
                text.Append(below > 0 ? "..." : " ...");
            }

            Separate();
            WriteItem(dimension + 1, position * elements.Shape[dimension] + elements.IndexOf(dimension, item));
        }

        text.Append("]");
        if (below == 0 && rowLabels?[(int)position] is { Length: > 0 } label) text.CommentLine(RowLabels.Escape(label));

        void Separate()
        {
            if (inLine == itemsThatFit)
            {
                text.Append(",");
                text.Break(column + 1, Math.Max(below, 1));
                inLine = 0;
            }
            else if (inLine > 0) text.Append(", ");
            inLine++;
        }
    }

    private void WriteNumber(long position)
    {
        var value = _imaginary is not null ? double.NaN : elements.Number(_next);
        var number = _real.Text(elements, _next++);
        var padding = Math.Max(_real.Width - number.Length, 0);
        if (_imaginary is not null)
        {
            var imaginary = _imaginary.Text(elements, _next++);
            number += $"{(imaginary[0] == '-' ? "" : "+")}{imaginary}j";
        }

        text.Append(number, padding);
        text.Numbers?.Add(new(text.Length - number.Length, number.Length, value, position));
    }
}
