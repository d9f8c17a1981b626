using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>What printing needs to know about the types of elements.</summary>
internal static class DTypes
{
    /// <summary>PyTorch's name of the type: <c>float64</c>.</summary>
    /// <exception cref="NotSupportedException">PyTorch's printing knows no such type.</exception>
    public static string PythonName(ScalarType dtype) => dtype switch
    {
        ScalarType.Byte => "uint8",
        ScalarType.ComplexFloat32 => "complex64",
        ScalarType.ComplexFloat64 => "complex128",
        (>= ScalarType.Byte and <= ScalarType.Float64) or (>= ScalarType.Bool and <= ScalarType.BFloat16) =>
            dtype.ToString().ToLowerInvariant(),
        _ => throw new NotSupportedException(
            $"A tensor of dtype {dtype} cannot be printed. Convert it, for example with to(float32)."),
    };

    /// <summary>What the text of a tensor says of it: <c>dtype=torch.float64</c>.</summary>
    public static string Suffix(ScalarType dtype) => $"dtype=torch.{PythonName(dtype)}";

    /// <summary>Whether the text of a tensor with elements leaves the type out.</summary>
    public static bool IsImplied(ScalarType dtype)
    {
        var standard = get_default_dtype();
        var complex = standard == ScalarType.Float64 ? ScalarType.ComplexFloat64 : ScalarType.ComplexFloat32;
        return dtype == standard || dtype == complex || dtype is ScalarType.Int64 or ScalarType.Bool;
    }
}
