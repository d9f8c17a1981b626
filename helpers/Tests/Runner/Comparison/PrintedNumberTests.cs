using System.Diagnostics;
using System.Globalization;
using CsCheck;
using GptEmbeddings.NotebookRunner.Comparison;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>When two printed texts are the same result, computed on two processors.</summary>
public sealed class PrintedNumberTests
{
    // A number is so many units of its last digit. Of a thousand one is 0.1 %.
    private static void Differ(string saved, string now)
    {
        Assert.False(Same(saved, now));
        Assert.False(Same(now, saved));
    }

    private static readonly Gen<long> _units = Gen.OneOf(Gen.Long[-2_000_000, 2_000_000], Gen.Long[-1100, 1100]);
    private static readonly Gen<(int Decimals, long Units)> _number = Gen.Select(Gen.Int[1, 9], _units);

    [Fact]
    public void One_unit_of_the_last_digit_is_the_same_if_it_is_no_more_than_a_thousandth() =>
        Gen.Select(_number, Gen.Long[-3, 3]).Sample((number, move) =>
        {
            var (saved, now) = (number.Units, number.Units + move);
            var same = Math.Abs(move) * 1000 <= Math.Max(Math.Abs(saved), Math.Abs(now)) && move is >= -1 and <= 1;
            Assert.Equal(same, Same($"is {Text(number.Decimals, saved)} or", $"is {Text(number.Decimals, now)} or"));
        });

    [Fact]
    public void In_a_tensor_it_is_a_thousandth_of_the_largest_of_that_tensor() =>
        Gen.Select(_number, _units, Gen.Long[-2, 2]).Sample((number, other, move) =>
        {
            var (saved, now) = (number.Units, number.Units + move);
            var same = Math.Abs(move) * 1000 <= new[] { saved, now, other }.Max(Math.Abs) && move is >= -1 and <= 1;
            Assert.Equal(same, Same(Tensor(saved), Tensor(now)));

            // Neither the labels of its rows nor its shape nor what stands beside it is part of it.
            string Tensor(long units) => $"99999.5 tensor([[{Text(number.Decimals, units)}],  # 99999.5 and (\n"
                + $"        [{Text(number.Decimals, other)}]], size=(99999,))  # 99999.5\ntensor([99999.5])";
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
        if (Math.Abs(number.Units) < 1000) return;
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
    [InlineData("0.9999", "1.0000")]
    [InlineData("1.", "1.0000")]
    [InlineData("9.9999e-05", "1.0000e-04")]
    [InlineData("12.345 %", "12.346 %")]
    [InlineData("1.000", "1.001")]
    [InlineData("tensor([-0.0000, 0.9000])", "tensor([ 0.0001, 0.9000])")]
    [InlineData("tensor([0.0-0.5000j, 1.0+1.2345j])", "tensor([0.0-0.5000j, 1.0+1.2346j])")]
    [InlineData("tensor([0.5-0.0000j, 1.0+1.2345j])", "tensor([0.5+0.0000j, 1.0+1.2345j])")]
    [InlineData("a=1.2345;", "a=1.2346;")]
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
    [InlineData("0.1", "0.2")]
    [InlineData("0.41", "0.42")]
    [InlineData("1E+20", "2E+20")]
    [InlineData("1E+999", "2E+999")]
    [InlineData("1E-999", "2E-999")]
    [InlineData("-0.0000", "0.0001")]
    [InlineData("0.998", "0.999")]
    [InlineData("12.3 %", "12.4 %")]
    [InlineData("accuracy 0.9", "accuracy 1.0")]
    [InlineData("loss 2.3", "loss 2.3999")]
    [InlineData("tensor([0.1, 0.2])", "tensor([0.2, 0.2])")]
    [InlineData("tensor([0.41, 0.55])", "tensor([0.42, 0.55])")]
    [InlineData("[0.0000, 0.9000]", "[0.0001, 0.9000]")]
    [InlineData("tensor([0.0000]), 0.9000", "tensor([0.0001]), 0.9000")]
    [InlineData("v1.2", "v1.3")]
    [InlineData("v2026.11", "v2026.12")]
    [InlineData("2026.11-rc", "2026.12-rc")]
    [InlineData("2026.11rc", "2026.12rc")]
    [InlineData("GPT-1234.5", "GPT-1234.6")]
    [InlineData("at 10:15:1234.5", "at 10:15:1234.6")]
    [InlineData("1234.5/2", "1234.6/2")]
    [InlineData("run_1234.5.txt", "run_1234.6.txt")]
    [InlineData("30.11.2026", "30.12.2026")]
    [InlineData("2026-11-30", "2026-11-31")]
    public void Is_not_the_same(string saved, string now) => Differ(saved, now);

    [Theory]
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
    public void Nor_is(string saved, string now) => Differ(saved, now);

    [Theory]
    [InlineData("· min 0.5 ")]
    [InlineData("tensor(")]
    [InlineData("tensor(#")]
    [InlineData("tensor([0.5, (0.5), ")]
    [InlineData("1-1j-")]
    [InlineData("1,111")]
    [InlineData("<script>")]
    [InlineData("style=\"")]
    public void What_only_looks_like_numbers_takes_no_longer(string text)
    {
        var clock = Stopwatch.StartNew();
        Assert.False(Same(Many(text), Many(text) + "end"));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);

        static string Many(string text) => string.Concat(Enumerable.Repeat(text, 100_000 / text.Length));
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
