using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>What printing needs to know about the types of elements.</summary>
internal static class DTypes
{
    /// <summary>PyTorch's name of the type, as in <c>dtype=torch.float64</c>.</summary>
    /// <exception cref="NotSupportedException">PyTorch's printing knows no such type.</exception>
    public static string PythonName(ScalarType dtype) => "torch." + dtype switch
    {
        ScalarType.Bool => "bool",
        ScalarType.Byte => "uint8",
        ScalarType.Int8 => "int8",
        ScalarType.Int16 => "int16",
        ScalarType.Int32 => "int32",
        ScalarType.Int64 => "int64",
        ScalarType.Float16 => "float16",
        ScalarType.BFloat16 => "bfloat16",
        ScalarType.Float32 => "float32",
        ScalarType.Float64 => "float64",
        ScalarType.ComplexFloat32 => "complex64",
        ScalarType.ComplexFloat64 => "complex128",
        ScalarType.QInt8 => "qint8",
        ScalarType.QUInt8 => "quint8",
        ScalarType.QInt32 => "qint32",
        _ => throw new NotSupportedException(
            $"A tensor of dtype {dtype} cannot be printed. Convert it, for example with to(float32)."),
    };

    /// <summary>Whether the text of a tensor with elements leaves the type out.</summary>
    public static bool IsImplied(ScalarType dtype)
    {
        var standard = get_default_dtype();
        var complex = standard == ScalarType.Float64 ? ScalarType.ComplexFloat64 : ScalarType.ComplexFloat32;
        return dtype == standard || dtype == complex || dtype is ScalarType.Int64 or ScalarType.Bool;
    }
}
