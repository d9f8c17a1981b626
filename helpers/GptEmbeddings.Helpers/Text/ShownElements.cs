using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>The elements of a tensor that its text shows, copied out. The others are not touched.</summary>
internal sealed class ShownElements
{
    private readonly int _edgeItems;
    private readonly long _most;

    /// <summary>Copies what is shown of a tensor with elements, dense or quantized with one scale.</summary>
    public ShownElements(Tensor tensor, PrintOptions options)
    {
        _edgeItems = options.EdgeItems;
        DType = tensor.dtype;
        Parts = DTypes.IsComplex(DType) ? 2 : 1;
        _most = tensor.numel() > options.Threshold ? 2L * _edgeItems : long.MaxValue;
        Shape = new long[tensor.dim()];
        for (var i = 0; i < Shape.Length; i++) Shape[i] = tensor.size(i);   // tensor.shape takes 0.5 ms to compile.
        for (var i = 0; i < Shape.Length; i++) Count *= Shown(i);
        TextLines.RequireFits(Count * Parts > int.MaxValue / sizeof(long) ? long.MaxValue : Count);

        var isPlain = _most == long.MaxValue && Parts == 1 && !tensor.is_quantized() && !tensor.is_neg();
        // Most are plain, and need no dispose scope, which takes 1 ms to compile before its first use.
        using var plain = isPlain ? tensor.detach() : Plain(tensor);
        var isFloat = !DTypes.IsInteger(plain.dtype) && plain.dtype != ScalarType.Bool;
        using var copy = plain.to(isFloat ? ScalarType.Float64 : ScalarType.Int64, CPU, copy: true);
        using var ordered = copy.contiguous();
        if (isFloat) Floats = MemoryMarshal.Cast<byte, double>(ordered.bytes).ToArray();
        else Integers = MemoryMarshal.Cast<byte, long>(ordered.bytes).ToArray();
    }

    public ScalarType DType { get; }

    public long[] Shape { get; }

    /// <summary>How many elements are shown.</summary>
    public long Count { get; } = 1;

    /// <summary>How many numbers an element has: 2 if it is complex.</summary>
    public int Parts { get; }

    /// <summary>The numbers row by row if they are of a floating or complex type, else null.</summary>
    public double[]? Floats { get; }

    /// <summary>The numbers row by row if they are integers or bools (0 or 1), else null; those of uint64 wrap
    /// around.</summary>
    public long[]? Integers { get; }

    /// <summary>One number.</summary>
    public double Number(int index) =>
        Floats is not null ? Floats[index] : DType == DTypes.UInt64 ? (ulong)Integers![index] : Integers![index];

    /// <summary>How many items are shown along a dimension.</summary>
    public long Shown(int dimension) => Math.Min(Shape[dimension], _most);

    /// <summary>Whether <c>...</c> stands before this shown item.</summary>
    public bool IsGapBefore(int dimension, long item) => item == _edgeItems && Shown(dimension) < Shape[dimension];

    /// <summary>The index, along its dimension of the whole tensor, of a shown item.</summary>
    public long IndexOf(int dimension, long item) =>
        item < _edgeItems ? item : item + Shape[dimension] - Shown(dimension);

    /// <summary>What is shown, as real numbers: the parts of a complex one lie along one more dimension.</summary>
    private Tensor Plain(Tensor tensor)
    {
        using var temporaries = NewDisposeScope();
        tensor = tensor.detach();
        if (_most < long.MaxValue) tensor = Edges(tensor);
        if (tensor.is_quantized()) tensor = tensor.dequantize();
        if (Parts == 2) tensor = RealAndImaginary(tensor.cpu());
        return tensor.resolve_neg().MoveToOuterDisposeScope();
    }

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
        (long Size, long Stride)[] Split(int i) => Shown(i) == Shape[i]
            ? [(Shape[i], stride[i])]
            : [(2, (Shape[i] - _edgeItems) * stride[i]), (_edgeItems, stride[i])];

        var parts = Enumerable.Range(0, Shape.Length).SelectMany(Split).ToArray();
        return tensor.as_strided(
            [.. parts.Select(part => part.Size)], [.. parts.Select(part => part.Stride)], tensor.storage_offset());
    }
}
