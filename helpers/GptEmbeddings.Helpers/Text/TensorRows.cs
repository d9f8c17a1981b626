using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>Writes the elements of a tensor in nested brackets, row by row.</summary>
/// <remarks>
/// The rules are those of <c>_tensor_str</c>, <c>_tensor_str_with_formatter</c> and <c>_vector_str</c> in
/// PyTorch 1.13's <c>_tensor_str.py</c>.
/// </remarks>
internal sealed class TensorRows(
    ShownElements elements, PrintOptions options, TextLines text, IReadOnlyList<string>? rowLabels)
{
    private readonly NumberFormat _real = new(elements, 0, options);
    private readonly NumberFormat? _imaginary = elements.Parts == 2 ? new(elements, 1, options) : null;

    // The width of a number, a comma, a space, and a j.
    private long ItemWidth => _real.Width + 2L + (_imaginary is null ? 0 : _imaginary.Width + 1);

    /// <summary>Writes the rows that are shown of a tensor that is dense, or quantized with one scale.</summary>
    public static void Write(
        Tensor tensor, PrintOptions options, TextLines text, int indent, IReadOnlyList<string>? rowLabels = null)
    {
        if (tensor.numel() == 0)
        {
            text.Append("[]");
            return;
        }

        var elements = new ShownElements(tensor, options);
        var rows = new TensorRows(elements, options, text, rowLabels);
        TextLines.RequireFits(elements.Shown.Aggregate(rows.ItemWidth, (product, size) => product * size));
        rows.WriteDimension(0, indent, 0, 0);
    }

    // The indent is the column of the bracket; shownIndex and position are the flat indexes of the first item, among
    // the shown elements and in the whole tensor.
    private void WriteDimension(int dimension, int indent, long shownIndex, long position)
    {
        var below = elements.Shape.Length - dimension - 1;
        if (below < 0) WriteNumber(shownIndex, position);
        else if (below == 0) WriteRow(dimension, indent, shownIndex, position);
        else
        {
            var shownStep = Product(elements.Shown, dimension + 1);
            var step = Product(elements.Shape, dimension + 1);
            text.Append('[');
            for (var item = 0L; item < elements.Shown[dimension]; item++)
            {
                if (item > 0) BreakAfterComma(indent, below);
                if (elements.IsGapBefore(dimension, item))
                {
                    text.Append("...");
                    BreakAfterComma(indent, below);
                }

                var itemPosition = position + elements.IndexOf(dimension, item) * step;
                WriteDimension(dimension + 1, indent + 1, shownIndex + item * shownStep, itemPosition);
            }

            text.Append(']');
        }
    }

    private void WriteRow(int dimension, int indent, long shownIndex, long position)
    {
        var itemsThatFit = Math.Max((options.LineWidth - indent) / ItemWidth, 1);
        var inLine = 0L;

        text.Append('[');
        for (var item = 0L; item < elements.Shown[dimension]; item++)
        {
            if (elements.IsGapBefore(dimension, item))
            {
                StartItem(ref inLine, itemsThatFit, indent);
                text.Append(" ...");
            }

            StartItem(ref inLine, itemsThatFit, indent);
            WriteNumber(shownIndex + item, position + elements.IndexOf(dimension, item));
        }

        text.Append(']');
        if (rowLabels?[(int)(position / elements.Shape[dimension])] is { Length: > 0 } label)
            text.CommentLine(RowLabels.Escape(label));
    }

    private void StartItem(ref long inLine, long itemsThatFit, int indent)
    {
        if (inLine == itemsThatFit) BreakAfterComma(indent, 1);
        else if (inLine > 0) text.Append(", ");
        inLine = inLine == itemsThatFit ? 1 : inLine + 1;
    }

    private void BreakAfterComma(int indent, int times)
    {
        text.Append(',');
        text.Break(indent + 1, times);
    }

    private void WriteNumber(long shownIndex, long position)
    {
        var index = (int)shownIndex * elements.Parts;
        var length = _real.Append(text, elements, index);
        if (_imaginary is not null) length += _imaginary.AppendImaginary(text, elements, index + 1);
        var value = _imaginary is not null ? double.NaN : elements.Floats?[index] ?? elements.Integers![index];
        text.Numbers?.Add(new PrintedNumber(text.Length - length, length, value, position));
    }

    private static long Product(long[] sizes, int first) =>
        sizes.Skip(first).Aggregate(1L, (product, size) => product * size);
}
