using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CsCheck;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>What holds for the text of any tensor, whatever its shape, dtype, strides and values, with any
/// options.</summary>
public sealed partial class TensorTextPropertyTests
{
    private const int Rounds = 1500;
    private const string Opening = "tensor(";
    private static readonly Gen<(AnyTensor Tensor, PrintOptions Options)> _cases =
        Gen.Select(AnyTensor.Gen, AnyTensor.Options);

    static TensorTextPropertyTests() => TorchRuntime.Load();

    [Fact]
    public void The_strides_of_a_tensor_do_not_show() => ForAll((tensor, options) =>
        Assert.Equal(TensorText.Format(tensor.detach().contiguous().clone(), options),
            TensorText.Format(tensor.detach(), options)));

    [Fact]
    public void Printing_and_showing_change_neither_the_tensor_nor_the_gradient_mode() => ForAll((tensor, options) =>
    {
        var (before, requiresGrad) = (tensor.detach().clone(), tensor.requires_grad);
        using var mode = options.EdgeItems % 2 == 0 ? null : no_grad();
        var recorded = is_grad_enabled();
        TensorText.Format(tensor, options);
        Tutorial.Show(tensor).ToHtml();
        Assert.Equal((recorded, requiresGrad, true), (is_grad_enabled(), tensor.requires_grad, tensor.is_leaf));
        Assert.Equal(TensorText.Format(before, PrintOptions.Full),
            TensorText.Format(tensor.detach(), PrintOptions.Full));
    });

    [Fact]
    public void Without_its_labels_a_labeled_text_is_the_unlabeled_one() => ForAll((tensor, options) =>
    {
        var rows = tensor.dim() == 0 ? 0 : tensor.shape[..^1].Aggregate(1L, (a, b) => a * b);
        var labels = Enumerable.Range(0, (int)rows).Select(row => row % 3 == 0 ? "" : $"row {row}\r\n[# \u2028, 😀")
            .ToArray();
        var text = TensorText.Format(tensor, options, labels);
        Assert.Equal(TensorText.Format(tensor, options), Comment().Replace(text, ""));
        Assert.Equal(text.Split('\n').Length, text.ReplaceLineEndings("\n").Split('\n').Length);
    });

    [Fact]
    public void Brackets_balance_and_numbers_stand_as_deep_as_there_are_dimensions() => ForAll((tensor, options) =>
    {
        var printed = TensorText.Print(tensor, options);
        Assert.StartsWith(Opening, printed.Text, StringComparison.Ordinal);
        Assert.EndsWith(")", printed.Text, StringComparison.Ordinal);
        Assert.Equal(printed.Text.Count(c => c == '('), printed.Text.Count(c => c == ')'));
        if (tensor.numel() == 0)
        {
            Assert.StartsWith("tensor([]", printed.Text, StringComparison.Ordinal);
            return;
        }

        var (depth, position) = (0L, 0);
        foreach (var number in printed.Numbers)
        {
            depth += Rise(printed.Text[position..number.Start]);
            position = number.Start;
            Assert.Equal(tensor.dim(), depth);
        }

        Assert.Equal(0, depth + Rise(printed.Text[position..]));
    });

    [Fact]
    public void Each_mark_points_at_a_number_that_parses_back_to_the_element_within_the_printed_digits() =>
        ForAll((tensor, options) =>
    {
        if (tensor.is_complex()) return;
        var elements = tensor.detach().contiguous().reshape(-1).to(float64).data<double>().ToArray();
        var printed = TensorText.Print(tensor, options);
        var last = -1L;
        foreach (var number in printed.Numbers)
        {
            Assert.True(number.Position > last, "positions rise");
            last = number.Position;
            Assert.Equal(elements[number.Position], number.Value);
            var text = printed.Text.Substring(number.Start, number.Length);
            Assert.True(IsNear(text, number.Value, options.Precision), $"{text} for {number.Value:R}");
        }

        Assert.Equal(tensor.numel() == 0 || tensor.numel() > options.Threshold ? printed.Numbers.Count
            : tensor.numel(), printed.Numbers.Count);
    });

    [Fact]
    public void No_line_is_wider_than_asked_for_where_a_number_fits() => ForAll((tensor, options) =>
    {
        var printed = TensorText.Print(tensor, options with { SciMode = null });
        // PyTorch finds the width of a column without them.
        if (printed.Numbers.All(number => number.Value == 0)
            || printed.Numbers.Any(number => !double.IsFinite(number.Value))) return;
        var widest = printed.Numbers.Select(number => number.Length).DefaultIfEmpty().Max();
        // As in PyTorch, the brackets that close and the three dots of a summary are not counted.
        var uncounted = tensor.dim() + " ...,".Length;
        var most = Math.Max(options.LineWidth, Opening.Length + tensor.dim() + widest) + uncounted;
        var end = printed.Text.LastIndexOf(']');
        Assert.All(printed.Text[..(end + 1)].Split('\n'), line => Assert.InRange(line.Length, 0, most));
    });

    [Fact]
    public void HTML_without_its_tags_is_the_text() => ForAll((tensor, _) =>
    {
        var html = Tutorial.Show(tensor, name: "a < b").ToHtml();
        Assert.Equal(TensorText.Format(tensor),
            WebUtility.HtmlDecode(Tag().Replace(html[html.IndexOf("<pre", StringComparison.Ordinal)..], "")));
    });

    [Fact]
    public void The_header_tells_the_least_mean_and_greatest_element() => ForAll((tensor, _) =>
    {
        if (tensor.is_complex() || tensor.numel() == 0) return;
        var elements = tensor.detach().contiguous().reshape(-1).to(float64).data<double>().ToArray();
        var facts = Fact().Matches(Tutorial.Show(tensor).ToHtml())
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        var hasMean = tensor.is_floating_point() || tensor.dtype == ScalarType.Bool;
        double[] all = elements.Any(double.IsNaN) ? [double.NaN, double.NaN, double.NaN]
            : [elements.Min(), elements.Average(), elements.Max()];
        double[] expected = hasMean ? all : [all[0], all[2]];
        foreach (var (fact, value) in facts.Zip(expected, (fact, value) => (fact, value)))
            Assert.True(fact.Equals(value)
                || Math.Abs(fact - value) <= 0.5001e-4 * Math.Max(1, Math.Abs(value)), $"{fact} for {value:R}");
        Assert.Equal(expected.Length, facts.Length);
    });

    private static void ForAll(Action<Tensor, PrintOptions> property) => _cases.Sample(
        (any, options) =>
        {
            using var scope = NewDisposeScope();
            property(any.Make(), options);
        },
        iter: Rounds);

    private static int Rise(string text) => text.Count(c => c == '[') - text.Count(c => c == ']');

    private static bool IsNear(string text, double value, int precision)
    {
        if (text is "True" or "False") return value == (text == "True" ? 1 : 0);
        if (text is "nan" or "inf" or "-inf")
            return text == value.ToString("R",
            new NumberFormatInfo
            {
                NaNSymbol = "nan",
                PositiveInfinitySymbol = "inf",
                NegativeInfinitySymbol = "-inf"
            });
        var parsed = double.Parse(text, CultureInfo.InvariantCulture);
        if (!text.Contains('.', StringComparison.Ordinal) && !text.Contains('e', StringComparison.Ordinal)
            && precision > 0) return parsed == value;
        if (text.EndsWith('.')) return parsed == value;
        var power = text.Contains('e', StringComparison.Ordinal)
            ? int.Parse(text[(text.IndexOf('e', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture) : 0;
        return Math.Abs(parsed - value) <= 0.5000001 * Math.Pow(10, power - precision) + Math.Abs(value) * 1e-15;
    }

    [GeneratedRegex("  # .*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("(?:min|mean|max) ([^ <]+)")]
    private static partial Regex Fact();
}
