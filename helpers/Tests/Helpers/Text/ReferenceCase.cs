using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>A tensor that the real PyTorch printed, how to build it again, and the text.</summary>
public sealed class ReferenceCase
{
    private readonly JsonElement _json;

    private ReferenceCase(JsonElement json) => _json = json;

    public string Name => _json.GetProperty("name").GetString()!;

    public string Expected => _json.GetProperty("expected").GetString()!;

    public ScalarType DefaultDType =>
        _json.TryGetProperty("default_dtype", out var name) ? DType(name) : ScalarType.Float32;

    public PrintOptions Options
    {
        get
        {
            var given = _json.GetProperty("options");
            var options = !given.TryGetProperty("profile", out var profile) ? PrintOptions.Default
                : profile.GetString() == "full" ? PrintOptions.Full : PrintOptions.Short;
            foreach (var option in given.EnumerateObject())
                options = option.Name switch
                {
                    "precision" => options with { Precision = option.Value.GetInt32() },
                    "threshold" => options with { Threshold = option.Value.GetInt64() },
                    "edgeitems" => options with { EdgeItems = option.Value.GetInt32() },
                    "linewidth" => options with { LineWidth = option.Value.GetInt32() },
                    "sci_mode" => options with { SciMode = option.Value.Deserialize<bool?>() },
                    "profile" => options,
                    _ => throw new InvalidDataException(option.Name),
                };
            return options;
        }
    }

    public static IReadOnlyList<ReferenceCase> Load(string file)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", file));
        var cases = JsonDocument.Parse(stream).RootElement.GetProperty("cases");
        return [.. cases.EnumerateArray().Select(json => new ReferenceCase(json))];
    }

    /// <summary>Builds the tensor; the caller's dispose scope owns it.</summary>
    public Tensor Build()
    {
        var tensor = FromData().to(DType(_json.GetProperty("dtype"))).reshape(Longs(_json.GetProperty("shape")));
        if (_json.TryGetProperty("steps", out var steps))
            foreach (var step in steps.EnumerateArray())
                tensor = Apply(tensor, [.. step.EnumerateArray()]);
        if (_json.GetProperty("parameter").GetBoolean()) return nn.Parameter(tensor);
        if (_json.GetProperty("requires_grad").GetBoolean()) tensor.requires_grad = true;
        return _json.TryGetProperty("result", out _) ? tensor.clone() : tensor;
    }

    private Tensor FromData()
    {
        var data = _json.GetProperty("data").EnumerateArray();
        return _json.GetProperty("dtype").GetString() switch
        {
            "bool" => tensor(data.Select(e => e.GetBoolean()).ToArray()),
            // Through libtorch's own memory: it cannot copy complex numbers that are aligned as .NET aligns them.
            "complex64" or "complex128" => tensor(data.SelectMany(e => new[] { Number(e[0]), Number(e[1]) }).ToArray())
                .clone().reshape(-1, 2).view_as_complex(),
            var name when name!.Contains("float") => tensor(data.Select(Number).ToArray(), dtype: ScalarType.Float64),
            _ => tensor(data.Select(e => e.GetInt64()).ToArray()),
        };
    }

    private static Tensor Apply(Tensor input, JsonElement[] step)
    {
        long Long(int i) => step[i].GetInt64();
        return step[0].GetString() switch
        {
            "transpose" => input.transpose(Long(1), Long(2)),
            "slice" => input.slice(Long(1), Long(2), Long(3), Long(4)),
            "expand" => input.expand([.. step.Skip(1).Select(e => e.GetInt64())]),
            "conj" => input.conj(),
            "real" => input.real,
            "imag" => input.imag,
            "meta" => input.to(device("meta")),
            "names" => input.refine_names([.. step.Skip(1).Select(e => e.GetString()!)]),
            "to_sparse" => input.to_sparse(),
            "coo" => sparse_coo_tensor(
                stack(step[1].EnumerateArray().Select(row => tensor(Longs(row)))), input, Longs(step[2])),
            "quantize" => quantize_per_tensor(input, step[1].GetDouble(), Long(2), DType(step[3])),
            "quantize_channels" => quantize_per_channel(
                input,
                tensor(step[1].EnumerateArray().Select(Number).ToArray()),
                tensor(Longs(step[2])),
                Long(3),
                DType(step[4])),
            var name => throw new InvalidDataException(name),
        };
    }

    private static long[] Longs(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt64())];

    private static double Number(JsonElement element) => element.ToString() switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        var digits => double.Parse(digits, CultureInfo.InvariantCulture),
    };

    private static ScalarType DType(JsonElement name) => name.GetString() switch
    {
        "bool" => ScalarType.Bool,
        "uint8" => ScalarType.Byte,
        "int8" => ScalarType.Int8,
        "int16" => ScalarType.Int16,
        "int32" => ScalarType.Int32,
        "int64" => ScalarType.Int64,
        "float16" => ScalarType.Float16,
        "bfloat16" => ScalarType.BFloat16,
        "float32" => ScalarType.Float32,
        "float64" => ScalarType.Float64,
        "complex64" => ScalarType.ComplexFloat32,
        "complex128" => ScalarType.ComplexFloat64,
        "qint8" => ScalarType.QInt8,
        "quint8" => ScalarType.QUInt8,
        "qint32" => ScalarType.QInt32,
        var other => throw new InvalidDataException(other),
    };
}
