using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>How a quantized tensor was quantized.</summary>
internal sealed class Quantization
{
    private readonly Tensor tensor;
    private readonly double? scale;

    public Quantization(Tensor tensor)
    {
        this.tensor = tensor;

        // TorchSharp does not expose the scheme, but libtorch refuses to name one scale where each channel has its own.
        try
        {
            scale = tensor.q_scale();
        }
        catch (ExternalException)
        {
            scale = null;
        }
    }

    /// <summary>A tensor of the same values of which views can be taken.</summary>
    public Tensor Viewable => scale is null ? tensor.dequantize() : tensor;

    /// <summary>What the text tells about the quantization.</summary>
    public IEnumerable<string> Suffixes(PrintOptions options)
    {
        if (scale is { } one)
            return
            [
                "quantization_scheme=torch.per_tensor_affine",
                $"scale={PythonText(one)}",
                string.Create(CultureInfo.InvariantCulture, $"zero_point={tensor.q_zero_point()}"),
            ];

        var zeroPoints = tensor.q_per_channel_zero_points();
        var scheme = is_floating_point(zeroPoints.dtype) ? "per_channel_affine_float_qparams" : "per_channel_affine";
        return
        [
            $"quantization_scheme=torch.{scheme}",
            $"scale={TensorText.Format(tensor.q_per_channel_scales(), options)}",
            $"zero_point={TensorText.Format(zeroPoints, options)}",
            $"axis={tensor.q_per_channel_axis()}",
        ];
    }

    /// <summary>As Python's <c>repr</c>: the fewest digits that identify it, plain from 0.0001 to below 1e16.</summary>
    private static string PythonText(double value)
    {
        Span<char> buffer = stackalloc char[2 * DecimalDigits.MostOtherCharacters];
        for (var precision = 0; ; precision++)
        {
            var text = buffer[..DecimalDigits.WriteScientific(value, precision, buffer)];
            if (precision < 16 && double.Parse(text, provider: CultureInfo.InvariantCulture) != value) continue;

            var exponent = int.Parse(text[(text.IndexOf('e') + 1)..], provider: CultureInfo.InvariantCulture);
            if (exponent is >= -4 and < 16)
                text = buffer[..DecimalDigits.WriteFixed(value, Math.Max(precision - exponent, 1), buffer)];
            return text.ToString();
        }
    }
}
