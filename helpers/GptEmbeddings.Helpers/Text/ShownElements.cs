using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>The elements of a tensor that its text shows, copied out row by row. The others are not touched.</summary>
internal sealed class ShownElements
{
    private readonly Tensor copy;
    private readonly int edgeItems;

    /// <summary>Copies what is shown. The caller's dispose scope owns the copy.</summary>
    /// <param name="tensor">Dense or quantized with one scale, with elements, on any device that holds data.</param>
    /// <param name="options">Says whether it is summarized, and how many items each edge has.</param>
    public ShownElements(Tensor tensor, PrintOptions options)
    {
        edgeItems = options.EdgeItems;
        Shape = tensor.shape;
        var summarize = tensor.numel() > options.Threshold;
        Shown = [.. Shape.Select(size => summarize && size > 2L * edgeItems ? 2L * edgeItems : size)];

        var values = is_complex(tensor.dtype) ? 2 : 1;
        var count = Shown.Aggregate(1L, (product, size) => product * size);
        TextLines.RequireFits(count * values > int.MaxValue / sizeof(long) ? long.MaxValue : count);

        if (!Shown.SequenceEqual(Shape)) tensor = Edges(tensor);
        if (tensor.is_quantized()) tensor = tensor.dequantize();
        tensor = tensor.cpu();
        if (is_complex(tensor.dtype)) tensor = RealAndImaginary(tensor);
        var isFloat = is_floating_point(tensor.dtype);
        copy = tensor.to(isFloat ? ScalarType.Float64 : ScalarType.Int64, copy: true).resolve_neg().contiguous();
    }

    /// <summary>The sizes of the whole tensor.</summary>
    public long[] Shape { get; }

    /// <summary>How many items are shown along each dimension.</summary>
    public long[] Shown { get; }

    /// <summary>64 bits each: an integer, a bool as 0 or 1, a double, or two doubles for a complex number.</summary>
    public ReadOnlySpan<long> Bits => MemoryMarshal.Cast<byte, long>(copy.bytes);

    /// <summary>Whether <c>...</c> stands before this shown item.</summary>
    public bool IsGapBefore(int dimension, long item) => item == edgeItems && Shown[dimension] < Shape[dimension];

    /// <summary>The index, along its dimension of the whole tensor, of a shown item.</summary>
    public long IndexOf(int dimension, long item) =>
        item < edgeItems ? item : item + Shape[dimension] - Shown[dimension];

    /// <summary>The same tensor with one more dimension, of size 2.</summary>
    private static Tensor RealAndImaginary(Tensor complex)
    {
        // libtorch crashes when it copies strided complex128 elements that are not aligned to 16 bytes, and a tensor
        // made from a .NET array is aligned to 8. So complex elements are not copied as such, not even to conjugate.
        return complex.is_conj()
            ? complex.conj().view_as_real() * tensor([1.0, -1.0], device: CPU)
            : complex.view_as_real();
    }

    /// <summary>A view of the edges: a summarized dimension becomes two, which edge and which of its items.</summary>
    private Tensor Edges(Tensor tensor)
    {
        List<long> sizes = [], strides = [];
        var stride = tensor.stride();
        for (var i = 0; i < Shape.Length; i++)
        {
            if (Shown[i] < Shape[i])
            {
                sizes.Add(2);
                strides.Add((Shape[i] - edgeItems) * stride[i]);
            }

            sizes.Add(Shown[i] < Shape[i] ? edgeItems : Shape[i]);
            strides.Add(stride[i]);
        }

        return tensor.as_strided([.. sizes], [.. strides], tensor.storage_offset());
    }
}
