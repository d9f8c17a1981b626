using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>What differs in the text of a sparse tensor, a quantized one, and one without data (meta).</summary>
internal static class RareLayouts
{
    public static bool IsRare(Tensor tensor) => tensor.is_sparse || tensor.is_meta || tensor.is_quantized();

    /// <summary>Writes what stands in place of the rows, or the rows.</summary>
    public static void WriteElements(
        Tensor tensor, PrintOptions options, TextLines text, IReadOnlyList<string>? rowLabels)
    {
        if (tensor.is_sparse) WriteSparse(tensor, options, text);
        else if (tensor.is_meta) text.Append("...");
        // No view can be taken of a tensor that has a scale for each channel.
        else TensorRows.Write(
            Scale(tensor) is null ? tensor.dequantize() : tensor, options, text, TensorText.Opening.Length, rowLabels);
    }

    /// <summary>What the text tells between the device and the gradient.</summary>
    public static IEnumerable<string> Suffixes(Tensor tensor, PrintOptions options)
    {
        yield return $"size={TensorText.PythonTuple(tensor.shape)}";
        if (tensor.is_sparse && !tensor.is_meta) yield return $"nnz={tensor.SparseValues.size(0)}";
        if (tensor.is_sparse ? !DTypes.IsImplied(tensor.dtype) : tensor.dtype != get_default_dtype())
            yield return DTypes.Suffix(tensor.dtype);
        if (tensor.is_sparse) yield return "layout=torch.sparse_coo";
        if (!tensor.is_quantized()) yield break;

        if (Scale(tensor) is { } scale)
        {
            yield return "quantization_scheme=torch.per_tensor_affine";
            yield return $"scale={PythonText(scale)}";
            yield return $"zero_point={tensor.q_zero_point().ToString(CultureInfo.InvariantCulture)}";
            yield break;
        }

        var zeroPoints = tensor.q_per_channel_zero_points();
        var kind = is_floating_point(zeroPoints.dtype) ? "_float_qparams" : "";
        yield return $"quantization_scheme=torch.per_channel_affine{kind}";
        yield return $"scale={TensorText.Format(tensor.q_per_channel_scales(), options)}";
        yield return $"zero_point={TensorText.Format(zeroPoints, options)}";
        yield return $"axis={tensor.q_per_channel_axis()}";
    }

    private static void WriteSparse(Tensor tensor, PrintOptions options, TextLines text)
    {
        WritePart("indices=tensor(", tensor.SparseIndices);
        text.Append(",");
        text.Break(TensorText.Opening.Length);
        WritePart("values=tensor(", tensor.SparseValues);
        text.Numbers?.Clear();

        void WritePart(string opening, Tensor part)
        {
            text.Append(opening);
            if (part.is_meta) text.Append("...");
            else TensorRows.Write(part, options, text, TensorText.Opening.Length + opening.Length);
            if (part.is_meta || part.numel() == 0) text.Append($", size={TensorText.PythonTuple(part.shape)}");
            text.Append(")");
        }
    }

    // TorchSharp does not expose the scheme, but libtorch refuses to name one scale where each channel has its own.
    private static double? Scale(Tensor tensor)
    {
        try
        {
            return tensor.q_scale();
        }
        catch (ExternalException)
        {
            return null;
        }
    }

    /// <summary>As Python's <c>repr</c>: the fewest digits that identify it, plain from 0.0001 to below 1e16.</summary>
    private static string PythonText(double value)
    {
        var culture = CultureInfo.InvariantCulture;
        var plain = value.ToString(culture);
        if (value is 0 or (>= 1e-4 and < 1e16))
            return plain.Contains('.', StringComparison.Ordinal) ? plain : $"{plain}.0";
        return Enumerable.Range(0, 17)
            .Select(precision => DecimalDigits.Scientific(value, precision))
            .First(text => double.Parse(text, culture) == value);
    }
}
