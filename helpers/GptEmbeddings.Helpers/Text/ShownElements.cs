using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>The elements of a tensor that its text shows, copied out. The others are not touched.</summary>
internal sealed class ShownElements
{
    private readonly int _edgeItems;

    /// <summary>Copies what is shown of a tensor with elements, dense or quantized with one scale.</summary>
    public ShownElements(Tensor tensor, PrintOptions options)
    {
        _edgeItems = options.EdgeItems;
        (Shape, DType) = (tensor.shape, tensor.dtype);
        Parts = is_complex(DType) ? 2 : 1;
        var summarize = tensor.numel() > options.Threshold;
        Shown = Array.ConvertAll(Shape, size => summarize ? Math.Min(size, 2L * _edgeItems) : size);
        foreach (var size in Shown) Count *= size;
        TextLines.RequireFits(Count * Parts > int.MaxValue / sizeof(long) ? long.MaxValue : Count);

        if (summarize) tensor = Edges(tensor);
        if (tensor.is_quantized()) tensor = tensor.dequantize();
        tensor = tensor.cpu();
        if (Parts == 2) tensor = RealAndImaginary(tensor);
        var type = is_floating_point(tensor.dtype) ? ScalarType.Float64 : ScalarType.Int64;
        using var copy = tensor.to(type, copy: true).resolve_neg().contiguous();
        if (type == ScalarType.Float64) Floats = MemoryMarshal.Cast<byte, double>(copy.bytes).ToArray();
        else Integers = MemoryMarshal.Cast<byte, long>(copy.bytes).ToArray();
    }

    public ScalarType DType { get; }

    public long[] Shape { get; }

    /// <summary>How many items are shown along each dimension.</summary>
    public long[] Shown { get; }

    /// <summary>How many elements are shown.</summary>
    public long Count { get; } = 1;

    /// <summary>How many numbers an element has: 2 if it is complex.</summary>
    public int Parts { get; }

    /// <summary>The numbers row by row if they are of a floating or complex type, else null.</summary>
    public double[]? Floats { get; }

    /// <summary>The numbers row by row if they are integers or bools (0 or 1), else null.</summary>
    public long[]? Integers { get; }

    /// <summary>Whether <c>...</c> stands before this shown item.</summary>
    public bool IsGapBefore(int dimension, long item) => item == _edgeItems && Shown[dimension] < Shape[dimension];

    /// <summary>The index, along its dimension of the whole tensor, of a shown item.</summary>
    public long IndexOf(int dimension, long item) =>
        item < _edgeItems ? item : item + Shape[dimension] - Shown[dimension];

    // The same tensor with one more dimension, of size 2. libtorch crashes when it copies strided complex128 elements
    // that are not aligned to 16 bytes, and a tensor made from a .NET array is aligned to 8. So complex elements are
    // not copied as such, not even to conjugate.
    private static Tensor RealAndImaginary(Tensor complex) => complex.is_conj()
        ? complex.conj().view_as_real() * tensor([1.0, -1.0], device: CPU)
        : complex.view_as_real();

    /// <summary>A view of the edges: a summarized dimension becomes two, which edge and which of its items.</summary>
    private Tensor Edges(Tensor tensor)
    {
        var stride = tensor.stride();
        (long Size, long Stride)[] Split(int i) => Shown[i] == Shape[i]
            ? [(Shape[i], stride[i])]
            : [(2, (Shape[i] - _edgeItems) * stride[i]), (_edgeItems, stride[i])];

        var parts = Enumerable.Range(0, Shape.Length).SelectMany(Split).ToArray();
        return tensor.as_strided(
            [.. parts.Select(part => part.Size)], [.. parts.Select(part => part.Stride)], tensor.storage_offset());
    }
}
