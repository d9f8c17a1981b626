using System.Globalization;
using System.Numerics;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Checks digits against exact fractions of big integers.</summary>
public sealed class DecimalDigitsTests
{
    private const int Samples = 20_000;

    [Fact]
    public void Any_bit_pattern_is_rounded_to_the_nearest_and_ties_to_even()
    {
        var random = new Random(1);
        for (var i = 0; i < Samples; i++)
        {
            var value = i % 2 == 0
                ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
                : BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (!double.IsFinite(value)) continue;
            AssertNearest(value, random.Next(0, 25));
        }
    }

    [Fact]
    public void Everyday_numbers_are_rounded_to_the_nearest_and_ties_to_even()
    {
        var random = new Random(2);
        for (var i = 0; i < Samples; i++)
        {
            var scale = Math.Pow(10, random.Next(-6, 12));
            var value = (random.NextDouble() - 0.5) * scale;
            AssertNearest(i % 2 == 0 ? value : (float)value, random.Next(0, 9));
        }
    }

    [Fact]
    public void Exact_ties_are_rounded_to_even()
    {
        for (var numerator = -4096; numerator <= 4096; numerator++)
            for (var precision = 0; precision < 6; precision++)
                AssertNearest(numerator / 64.0, precision);
    }

    [Fact]
    public void Numbers_beside_a_power_of_ten_keep_the_right_exponent()
    {
        for (var power = -323; power <= 308; power++)
        {
            var value = double.Parse($"1e{power}", CultureInfo.InvariantCulture);
            foreach (var precision in (int[])[0, 1, 4, 15, 16, 17, 30])
            {
                AssertNearest(value, precision);
                AssertNearest(Math.BitDecrement(value), precision);
                AssertNearest(Math.BitIncrement(value), precision);
            }
        }
    }

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(-double.Epsilon)]
    [InlineData(2.2250738585072014e-308)]
    [InlineData(double.MaxValue)]
    [InlineData(18446744073709551616.0)]
    public void Extremes_are_exact_at_any_precision(double value)
    {
        foreach (var precision in (int[])[0, 1, 19, 20, 37, 38, 330, 766, 767, 1073, 1074, 1075, 3000])
            AssertNearest(value, precision);
    }

    [Fact]
    public void Zeros_keep_their_sign()
    {
        AssertNearest(0.0, 4);
        AssertNearest(-0.0, 4);
        AssertNearest(-0.0, 0);
    }

    private static void AssertNearest(double value, int precision)
    {
        AssertNearest(value, DecimalDigits.Fixed(value, precision), precision, power: 0);

        var scientific = DecimalDigits.Scientific(value, precision);
        var parts = scientific.Split('e');
        Assert.Matches("^[+-][0-9]{2,3}$", parts[1]);
        Assert.Equal(value == 0, parts[0].TrimStart('-')[0] == '0');
        AssertNearest(value, parts[0], precision, int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The text times 10^power is the multiple of 10^(power - precision) that is nearest to the
    /// value.</summary>
    private static void AssertNearest(double value, string text, int precision, int power)
    {
        Assert.Matches(precision == 0 ? "^-?[0-9]+$" : $"^-?[0-9]+\\.[0-9]{{{precision}}}$", text);
        Assert.Equal(double.IsNegative(value), text[0] == '-');

        // Everything in units of 10^(power - precision) / 2^1074.
        var unit = BigInteger.One << 1074;
        var count = BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var exact = Exact(value);
        var shift = precision - power;
        if (shift >= 0) exact *= BigInteger.Pow(10, shift);
        else unit *= BigInteger.Pow(10, -shift);

        var twiceError = 2 * BigInteger.Abs(exact - count * unit);
        Assert.True(
            twiceError < unit || (twiceError == unit && count.IsEven),
            $"{value:R} with {precision} digits was written as {text}, power {power}");
    }

    /// <summary>The value times 2^1074, an integer.</summary>
    private static BigInteger Exact(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var biased = (int)(bits >> 52) & 0x7FF;
        BigInteger mantissa = (bits & ((1L << 52) - 1)) + (biased == 0 ? 0 : 1L << 52);
        return (bits < 0 ? -mantissa : mantissa) << Math.Max(biased - 1, 0);
    }
}
