using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>Writes the elements of a tensor in nested brackets, row by row.</summary>
/// <remarks>
/// The rules are those of <c>_tensor_str</c>, <c>_tensor_str_with_formatter</c> and <c>_vector_str</c> in
/// PyTorch 1.13's <c>_tensor_str.py</c>.
/// </remarks>
internal readonly ref struct TensorRows
{
    private readonly ShownElements elements;
    private readonly ReadOnlySpan<long> bits;
    private readonly NumberFormat real;
    private readonly NumberFormat? imaginary;
    private readonly long itemWidth;
    private readonly int lineWidth;
    private readonly TextLines text;
    private readonly IReadOnlyList<string>? rowLabels;
    private readonly List<PrintedNumber>? numbers;

    private TensorRows(
        Tensor tensor,
        PrintOptions options,
        TextLines text,
        IReadOnlyList<string>? rowLabels,
        List<PrintedNumber>? numbers)
    {
        (this.text, this.rowLabels, this.numbers) = (text, rowLabels, numbers);
        lineWidth = options.LineWidth;
        elements = new ShownElements(tensor, options);
        bits = elements.Bits;

        var parts = is_complex(tensor.dtype) ? 2 : 1;
        real = NumberFormat.For(tensor.dtype, bits, 0, parts, options, text);
        if (parts == 2) imaginary = NumberFormat.For(tensor.dtype, bits, 1, parts, options, text);

        // The width of a number, a comma, a space, and a j.
        itemWidth = real.Width + 2L + (imaginary is { } part ? part.Width + 1 : 0);
        text.Reserve(itemWidth * bits.Length / parts);
    }

    /// <summary>Writes all rows that are shown.</summary>
    /// <param name="tensor">Dense or quantized with one scale.</param>
    /// <param name="options">Digits, summary, line width.</param>
    /// <param name="text">Where to.</param>
    /// <param name="indent">The column of the first bracket.</param>
    /// <param name="rowLabels">One for each row of the tensor, shown or not; or null.</param>
    /// <param name="numbers">Receives where each number stands; or null.</param>
    public static void Write(
        Tensor tensor,
        PrintOptions options,
        TextLines text,
        int indent,
        IReadOnlyList<string>? rowLabels = null,
        List<PrintedNumber>? numbers = null)
    {
        if (tensor.numel() == 0) text.Append("[]");
        else new TensorRows(tensor, options, text, rowLabels, numbers).WriteDimension(0, indent, 0, 0);
    }

    /// <param name="dimension">The dimension whose items are written.</param>
    /// <param name="indent">The column of its bracket.</param>
    /// <param name="shownIndex">Flat index of its first item among the shown elements.</param>
    /// <param name="position">Flat index of its first item in the whole tensor.</param>
    private void WriteDimension(int dimension, int indent, long shownIndex, long position)
    {
        var below = elements.Shape.Length - dimension - 1;
        if (below < 0) WriteNumber(shownIndex, position);
        else if (below == 0) WriteRow(dimension, indent, shownIndex, position);
        else
        {
            var shownStep = Product(elements.Shown.AsSpan(dimension + 1));
            var step = Product(elements.Shape.AsSpan(dimension + 1));
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteRow(int dimension, int indent, long shownIndex, long position)
    {
        var itemsThatFit = Math.Max((lineWidth - indent) / itemWidth, 1);
        var inLine = 0L;

        text.Append('[');
        for (var item = 0L; item < elements.Shown[dimension]; item++)
        {
            if (elements.IsGapBefore(dimension, item))
            {
                inLine = StartItem(inLine, itemsThatFit, indent);
                text.Append(" ...");
            }

            inLine = StartItem(inLine, itemsThatFit, indent);
            WriteNumber(shownIndex + item, position + elements.IndexOf(dimension, item));
        }

        text.Append(']');
        if (rowLabels?[(int)(position / elements.Shape[dimension])] is { Length: > 0 } label)
            text.CommentLine(RowLabels.Escape(label));
    }

    /// <returns>How many items the line then has.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long StartItem(long itemsBefore, long itemsThatFit, int indent)
    {
        if (itemsBefore == itemsThatFit)
        {
            BreakAfterComma(indent, 1);
            return 1;
        }

        if (itemsBefore > 0) text.Append(", ");
        return itemsBefore + 1;
    }

    private void BreakAfterComma(int indent, int times)
    {
        text.Append(',');
        text.Break(indent + 1, times);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteNumber(long shownIndex, long position)
    {
        var index = (int)shownIndex * (imaginary is null ? 1 : 2);
        var length = real.WritePadded(bits[index], text);
        if (imaginary is { } part) length += part.WriteImaginary(bits[index + 1], text);
        if (numbers is null) return;

        var value = imaginary is null ? real.ValueOf(bits[index]) : double.NaN;
        numbers.Add(new PrintedNumber(text.Length - length, length, value, position));
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        var product = 1L;
        foreach (var size in sizes) product *= size;
        return product;
    }
}
