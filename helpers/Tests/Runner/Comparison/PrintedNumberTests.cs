using System.Globalization;
using CsCheck;
using GptEmbeddings.NotebookRunner.Comparison;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>When two printed texts are the same result, computed on two processors.</summary>
public sealed class PrintedNumberTests
{
    // A number is so many units of its last digit.
    private static readonly Gen<long> _units = Gen.Long[-2_000_000, 2_000_000];
    private static readonly Gen<(int Decimals, long Units)> _number = Gen.Select(Gen.Int[1, 9], _units);

    [Fact]
    public void One_unit_of_the_last_digit_is_the_same_and_two_are_not() => _number.Sample(number =>
    {
        foreach (var units in (long[])[-1, 0, 1]) Assert.True(Same(Moved(0), Moved(units)), Moved(units));
        foreach (var units in (long[])[-2, 2, 3, 10]) Assert.False(Same(Moved(0), Moved(units)), Moved(units));

        string Moved(long units) => $"is {Text(number.Decimals, number.Units + units)} or";
    });

    [Fact]
    public void The_same_holds_in_scientific_notation() =>
        Gen.Select(Gen.Long[10_000, 99_990], Gen.Int[-30, 30]).Sample((units, exponent) =>
        {
            Assert.True(Same(Scientific(units), Scientific(units + 1)));
            Assert.False(Same(Scientific(units), Scientific(units + 2)));
            Assert.False(Same(Scientific(units), $"-{Scientific(units)}"));

            string Scientific(long digits) => $"{Text(4, digits)}e{exponent:+00;-00}";
        });

    [Fact]
    public void Of_two_numbers_the_coarser_one_says_how_exact_they_are() => _number.Sample(number =>
    {
        Assert.True(Same(Text(number.Decimals, number.Units), Text(number.Decimals + 2, number.Units * 100 + 99)));
        Assert.False(Same(Text(number.Decimals, number.Units), Text(number.Decimals + 2, number.Units * 100 + 101)));
    });

    [Fact]
    public void Integers_are_the_same_or_they_are_not() => Gen.Select(_units, Gen.Long[1, 3]).Sample((integer, more) =>
    {
        Assert.True(Same($"{integer:N0} rows", $"{integer} rows"));
        Assert.False(Same($"{integer:N0} rows", $"{integer + more:N0} rows"));
        Assert.False(Same($"[{integer}.]", $"[{integer + more}.]"));
    });

    [Theory]
    [InlineData("-0.013939", "-0.01394")]
    [InlineData("0", "-0")]
    [InlineData("0.0000", "-0.0000")]
    [InlineData("-0.0000", "0.0001")]
    [InlineData("0.9999", "1.0000")]
    [InlineData("1.", "1.0000")]
    [InlineData("9.9999e-05", "1.0000e-04")]
    [InlineData("12.3 %", "12.4 %")]
    [InlineData("1,234.5 ms", "1,234.6 ms")]
    [InlineData("nan, inf", "nan, inf")]
    [InlineData("[0.0000, 1.0000]", "[-0.0000,  1.0000]")]
    [InlineData("tensor([9.9999, 1.2346,\n        1.2345])", "tensor([10.0000,  1.2345,  1.2345])")]
    [InlineData(" 9.9999 | a", "10.0000 | a")]
    public void Is_the_same(string saved, string now)
    {
        Assert.True(Same(saved, now));
        Assert.True(Same(now, saved));
    }

    [Theory]
    [InlineData("0.9882", "0.9884")]
    [InlineData("0.5", "-0.5")]
    [InlineData("0.5000", "nan")]
    [InlineData("nan", "inf")]
    [InlineData("inf", "-inf")]
    [InlineData("largest difference: 0", "largest difference: 1.1920929E-07")]
    [InlineData("7 of 8", "8 of 8")]
    [InlineData("57 %", "58 %")]
    [InlineData("100,277 rows", "100,278 rows")]
    [InlineData("torch.Size([2, 3])", "torch.Size([3, 2])")]
    [InlineData("torch.Size([2, 3])", "torch.Size([2, 3, 1])")]
    [InlineData("version 1.2.3", "version 1.3.3")]
    [InlineData("plotly-2.28.0", "plotly-2.29.0")]
    [InlineData("cat 0.5", "dog 0.5")]
    [InlineData("a 1", "a  1")]
    [InlineData("1\n2", "1 2")]
    [InlineData("12", "1 2")]
    [InlineData("[1.5, 2.5]", "[2.5, 1.5]")]
    [InlineData("from 0.5000 to 1.0000", "from 0.5002 to 1.0000")]
    [InlineData("GPT-2 0.5", "GPT-3 0.5")]
    [InlineData("1\u0663", "1\u0664")]
    [InlineData("1.5e-\u0663", "1.5e-\u0664")]
    public void Is_not_the_same(string saved, string now)
    {
        Assert.False(Same(saved, now));
        Assert.False(Same(now, saved));
    }

    [Theory]
    [InlineData("from -8.8404 to 8.8050", "from -8.8404 to 8.8042", true)]
    [InlineData("from -8.8404 to 8.8050", "from -8.8404 to 8.8040", false)]
    [InlineData("8.8050", "8.8042", false)]
    public void The_range_of_a_chart_is_as_exact_as_its_numbers(string saved, string now, bool same) =>
        Assert.Equal(same, PrintedText.Differences(saved, now, tellsChart: true) is { Count: 0 });

    private static bool Same(string saved, string now) =>
        PrintedText.Differences(saved, now, tellsChart: false) is { Count: 0 };

    private static string Text(int decimals, long units)
    {
        var digits = Math.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return $"{(units < 0 ? "-" : "")}{digits[..^decimals]}.{digits[^decimals..]}";
    }
}
