using CsCheck;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>A random tensor, described so that a failing case can be read and made again.</summary>
internal sealed record AnyTensor(ScalarType DType, string Shape, string Layout, string Values, bool RequiresGrad,
    int Seed)
{
    private static readonly ScalarType[] _dtypes =
    [
        ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64,
            ScalarType.Int32,
        ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool, ScalarType.ComplexFloat32,
            ScalarType.ComplexFloat64,
    ];

    private static readonly double[] _specials =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 1e-40, 65504];

    public static Gen<AnyTensor> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.OneOfConst(_dtypes),
        CsCheck.Gen.OneOf(CsCheck.Gen.Int[0, 5], CsCheck.Gen.Int[1, 40]).Array[0, 4]
            .Where(shape => shape.Aggregate(1, (a, b) => a * b) < 20_000),
        CsCheck.Gen.OneOfConst("whole", "transposed", "every second", "expanded", "overlapping", "with an offset"),
        CsCheck.Gen.OneOfConst("small", "whole", "wide", "special", "zero"),
        CsCheck.Gen.Bool,
        CsCheck.Gen.Int[0, 1000],
        (dtype, shape, layout, values, grad, seed) =>
            new AnyTensor(dtype, string.Join(',', shape), layout, values, grad, seed));

    public static Gen<PrintOptions> Options { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Int[0, 12], CsCheck.Gen.OneOfConst(0L, 10, 1000, long.MaxValue), CsCheck.Gen.Int[1, 5],
            CsCheck.Gen.OneOf(CsCheck.Gen.Int[1, 200], CsCheck.Gen.Const(80)),
        CsCheck.Gen.OneOfConst((bool?)null, null, true, false),
        (precision, threshold, edgeItems, lineWidth, sciMode) => new PrintOptions
        {
            Precision = precision,
            Threshold = threshold,
            EdgeItems = edgeItems,
            LineWidth = lineWidth,
            SciMode = sciMode,
        });

    /// <summary>Makes the tensor; the caller's dispose scope owns it.</summary>
    public Tensor Make()
    {
        var shape = Shape.Length == 0 ? [] : Shape.Split(',').Select(long.Parse).ToArray();
        var made = Layout switch
        {
            "transposed" => Stored([.. shape.Reverse()])
                .permute([.. Enumerable.Range(0, shape.Length).Reverse().Select(n => (long)n)]),
            "every second" => EverySecond(Stored([.. shape.Select(size => 2 * size)]), shape.Length),
            "expanded" => Stored([.. shape.Select((size, i) => i % 2 == 0 ? Math.Min(size, 1) : size)]).expand(shape),
            "overlapping" => Stored([Math.Max(1, shape.Sum())]).as_strided(shape, [.. shape.Select(_ => 1L)]),
            "with an offset" when shape.Length > 0 => Stored([shape[0] + 3, .. shape[1..]]).narrow(0, 2, shape[0]),
            _ => Stored(shape),
        };
        return RequiresGrad && (made.is_floating_point() || made.is_complex()) ? made.detach().requires_grad_() : made;
    }

    private static Tensor EverySecond(Tensor tensor, int dimensions)
    {
        for (var dimension = 0; dimension < dimensions; dimension++)
            tensor = tensor.slice(dimension, 1, tensor.size(dimension), 2);
        return tensor;
    }

    private Tensor Stored(long[] shape)
    {
        var random = new Random(Seed);
        var count = (int)shape.Aggregate(1L, (a, b) => a * b);
        var values = tensor(Enumerable.Range(0, count).Select(_ => Value(random)).ToArray(), float64).reshape(shape);
        if (IsComplex())
            values = complex(values, values.flip([.. Enumerable.Range(0, shape.Length).Select(n => (long)n)]));
        return DType == ScalarType.Bool ? values.real.gt(0) : values.to(DType);

        bool IsComplex() => DType is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;
    }

    private double Value(Random random) => Values switch
    {
        "zero" => 0,
        "small" => random.NextDouble() * 4 - 2,
        "whole" => random.Next(-100, 100),
        "wide" => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 16)),
        _ => random.Next(8) is var choice && choice < _specials.Length ? _specials[choice] : random.NextDouble(),
    };
}
