using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>What printing needs to know about the types of elements.</summary>
internal static class DTypes
{
    // Types that TorchSharp's tensors can have and its own list of types leaves out, by libtorch's numbers
    // (c10/core/ScalarType.h). What it says of a type is therefore not asked here.
    public const ScalarType UInt64 = (ScalarType)29;

    private const ScalarType Complex32 = (ScalarType)8;

    /// <summary>Whether elements have a real and an imaginary part.</summary>
    public static bool IsComplex(ScalarType dtype) =>
        dtype is Complex32 or ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    /// <summary>Whether elements are whole by their type, and no bools.</summary>
    public static bool IsInteger(ScalarType dtype) =>
        dtype is (>= ScalarType.Byte and <= ScalarType.Int64) or (>= (ScalarType)27 and <= UInt64);

    /// <summary>PyTorch's name of the type: <c>float64</c>.</summary>
    /// <exception cref="NotSupportedException">PyTorch's printing knows no such type.</exception>
    public static string PythonName(ScalarType dtype) => dtype switch
    {
        ScalarType.Byte => "uint8",
        ScalarType.ComplexFloat32 => "complex64",
        ScalarType.ComplexFloat64 => "complex128",
        Complex32 => "complex32",
        (ScalarType)23 => "float8_e5m2",
        (ScalarType)24 => "float8_e4m3fn",
        (ScalarType)25 => "float8_e5m2fnuz",
        (ScalarType)26 => "float8_e4m3fnuz",
        (ScalarType)44 => "float8_e8m0fnu",
        (ScalarType)27 => "uint16",
        (ScalarType)28 => "uint32",
        UInt64 => "uint64",
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
