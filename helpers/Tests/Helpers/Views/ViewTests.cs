using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using TorchSharp;
using Xunit;
using static GptEmbeddings.Tutorial;

namespace GptEmbeddings.Tests;

/// <summary>What a cell ends on: the text and the HTML of tensors, shapes, modules and groups.</summary>
[Collection(typeof(WholeProcess))]
public sealed partial class ViewTests
{
    private static readonly string[] _rows = ["the", "<b>cat</b>"];

    public ViewTests() => Begin();

    [Fact]
    public void A_tensor_shows_the_text_of_PyTorch_and_its_HTML_without_tags_is_the_same_text()
    {
        using var table = torch.randn(2, 3, 4);
        var view = Show(table);
        Assert.Equal(TensorText.Format(table), view.ToString());
        Assert.Equal(TensorText.Format(table), Preformatted(view.ToHtml()));
    }

    [Fact]
    public void The_header_tells_name_shape_dtype_and_range()
    {
        using var table = torch.tensor(new[,] { { -1f, 2f }, { 4f, -3f } });
        Assert.Contains("<b>table</b> · (2, 2) · float32 · min -3.0000 · mean 0.5000 · max 4.0000",
            Show(table).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_header_tells_integers_exactly_and_huge_floats_briefly()
    {
        using var integers = torch.tensor([long.MaxValue, -long.MaxValue]);
        Assert.Contains("min -9223372036854775807 · max 9223372036854775807<", Show(integers).ToHtml(),
            StringComparison.Ordinal);
        using var floats = torch.tensor([-1e300, 99_999_999]);
        Assert.Contains("min -1.0000e+300 · mean -5.0000e+299 · max 99999999.0000<", Show(floats).ToHtml(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_mean_is_right_where_large_numbers_cancel_or_add_up_to_more_than_their_type_holds()
    {
        string Shown(params float[] numbers) => Show(torch.tensor(numbers)).ToHtml();
        Assert.Contains("mean 0.2500", Shown(3e8f, 1, -3e8f, 0), StringComparison.Ordinal);
        Assert.Contains("mean 3.0000e+38", Shown(3e38f, 3e38f), StringComparison.Ordinal);
    }

    [Fact]
    public void The_header_tells_small_numbers_and_writes_neither_noise_nor_the_sign_of_zero()
    {
        string Told(params float[] numbers) => Facts().Match(Show(torch.tensor(numbers)).ToHtml()).Value;
        Assert.Equal("min 2.0000e-05 · mean 2.5000e-05 · max 3.0000e-05", Told(2e-5f, 3e-5f));
        Assert.Equal("min -1.0000e-09 · mean 4.9500e-08 · max 1.0000e-07", Told(-1e-9f, 1e-7f));
        Assert.Equal("min 1.0000e-07 · mean 0.2500 · max 0.5000", Told(1e-7f, 0.5f));
        Assert.Equal("min 0.0002 · mean 0.5001 · max 1.0000", Told(2e-4f, 1));
        Assert.Equal("min 0.0000 · mean 0.0000 · max 0.0000", Told(-0f, -0f));
        Assert.Equal("min -1.0000 · mean 0.0000 · max 1.0000", Told(1, -0.9999999f));
    }

    [Fact]
    public void The_mean_of_a_million_numbers_is_finite_where_they_are_and_its_type_holds_no_sum_of_them()
    {
        using var scope = torch.NewDisposeScope();
        void Means(string mean, torch.Tensor tensor) =>
            Assert.Contains($"mean {mean} ", Show(tensor).ToHtml(), StringComparison.Ordinal);
        Means("3.0000e+38", torch.full([1_100_000], 3e38f));
        Means("60000.0000", torch.full([1_100_000], 60000f).to(torch.float16));
        Means("-1.7000e+308", torch.full([2], -1.7e308, dtype: torch.float64));
        Means("Infinity", torch.tensor([float.PositiveInfinity, 1]));
    }

    [Fact]
    public void A_view_of_more_numbers_than_memory_holds_has_no_facts_that_take_as_long()
    {
        using var storage = torch.arange(0, 500_000, dtype: torch.float32);
        using var windows = storage.unfold(0, 250_000, 1);
        var html = Show(windows).ToHtml();
        Assert.Contains("<b>windows</b> · (250001, 250000) · float32</div>", html, StringComparison.Ordinal);
        using var few = storage[..10].unfold(0, 4, 1);
        Assert.Contains("min 0.0000 · mean 4.5000 · max 9.0000", Show(few).ToHtml(), StringComparison.Ordinal);
        Assert.Contains("· max 499999.0000", Show(storage.expand(1L << 40, -1)).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_header_of_a_large_table_tells_all_its_elements()
    {
        using var table = torch.ones(2001, 999);
        table[2000, 998] = 5;
        table[1000, 500] = -7;
        Assert.Contains($"min -7.0000 · mean 1.0000 · max 5.0000<", Show(table).ToHtml(), StringComparison.Ordinal);
        Assert.Contains(
            $"min -7.0000 · mean 1.0000 · max 5.0000<", Show(table.t()).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_number_carries_its_index_and_a_tint_that_is_symmetric_about_0()
    {
        using var table = torch.tensor(new[,] { { -2f, 0f }, { 1f, 2f } });
        var html = Show(table).ToHtml();
        var spans = NumberSpan().Matches(html)
            .Select(match =>
            (Index: match.Groups[1].Value, Color: match.Groups[2].Value, Opacity: match.Groups[3].Value)).ToArray();
        Assert.Equal(["[0, 0]", "[0, 1]", "[1, 0]", "[1, 1]"], spans.Select(span => span.Index));
        Assert.Equal("", spans[1].Color);
        Assert.Equal(spans[2].Color, spans[3].Color);
        Assert.NotEqual(spans[0].Color, spans[3].Color);
        Assert.Equal(["0.50", "0.25", "0.50"], new[] { spans[0], spans[2], spans[3] }.Select(span => span.Opacity));
    }

    [Fact]
    public void A_summary_shows_the_true_index_of_what_it_shows()
    {
        using var table = torch.arange(2000).reshape(20, 100);
        Assert.Contains("title=\"[19, 99]\"", Show(table).ToHtml(), StringComparison.Ordinal);
        Assert.Contains(">1999</span>", Show(table).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_caller_names_is_encoded()
    {
        using var table = torch.zeros(2, 2);
        var html = Show(table, _rows, "a < b & \"c\"").ToHtml();
        Assert.DoesNotContain("<b>cat", html, StringComparison.Ordinal);
        Assert.Contains("# &lt;b&gt;cat", html, StringComparison.Ordinal);
        Assert.Contains("a &lt; b &amp; &quot;c&quot;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_keeps_what_the_tensor_held_when_it_was_made()
    {
        using var table = torch.ones(2);
        var view = Show(table);
        table.zero_();
        Assert.Equal("tensor([1., 1.])", view.ToString());
        Assert.Contains("max 1.0000", view.ToHtml(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Kinds =>
    [
        "float16", "bfloat16", "float64", "int64", "bool", "complex64", "complex32", "uint64",
        "empty", "scalar", "nan", "meta", "sparse", "quantized",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_kind_of_tensor_has_a_view(string kind)
    {
        using var scope = torch.NewDisposeScope();
        var tensor = kind switch
        {
            "float16" => torch.ones(2, dtype: torch.float16),
            "bfloat16" => torch.ones(2, dtype: torch.bfloat16),
            "float64" => torch.ones(2, dtype: torch.float64),
            "int64" => torch.arange(3),
            "bool" => torch.zeros(2, dtype: torch.@bool),
            "complex64" => torch.ones(2, dtype: torch.complex64),
            "complex32" => torch.ones(2, 2, dtype: torch.float16).view_as_complex(),
            "uint64" => torch.arange(3).to((torch.ScalarType)29),
            "empty" => torch.ones(0, 3),
            "scalar" => torch.tensor(2.5f),
            "nan" => torch.tensor(new[] { float.NaN, float.PositiveInfinity, 1f }),
            "meta" => torch.ones(2, 3, device: torch.META),
            "sparse" => torch.eye(3).to_sparse(),
            _ => torch.quantize_per_tensor(torch.ones(2), 0.1, 10, torch.ScalarType.QUInt8),
        };
        Assert.Equal(TensorText.Format(tensor), Preformatted(Show(tensor).ToHtml()));
    }

    [Fact]
    public void A_shape_prints_as_in_PyTorch()
    {
        Assert.Equal("torch.Size([6, 4])", Show([6L, 4L]).ToString());
        Assert.Equal("torch.Size([])", Show(Array.Empty<long>()).ToString());
    }

    [Fact]
    public void No_view_depends_on_the_culture()
    {
        using var scope = torch.NewDisposeScope();
        var (table, halves) = (torch.randn(12, 4, dtype: torch.float64) * 1e4, torch.tensor([-0.5, -1.5, -2.5, -3.5]));
        var invariant = Views();
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "minus";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = "_";
        CultureInfo.CurrentCulture = culture;
        try
        {
            Assert.Equal(invariant, Views());
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        }

        string[] Views() =>
        [
            .. new View[]
            {
                Show([-1L, 2]), Show(table), Show(torch.quantize_per_channel(
                    table.to(torch.float32), table[0].abs(), torch.tensor([-1L, 0, 1, 2]), 1, torch.ScalarType.QInt8)),
                Charts.Heatmap(table), Charts.Scatter(table[.., ..2]), Charts.Lines([("a", halves)], x: ("b", halves)),
                Explore.Positions(table, halves, halves), Explore.LookupAndAdd(["a", "b"], table[..2], table),
                Explore.Order(["a", "b"], table[..2], table[..4], table[..4], table[..4]),
                Explore.Training([(table, table), (-table, table)], [-1.5, -2.5],
                    [.. Enumerable.Repeat("w", 12)], [.. Enumerable.Repeat("c", 12)], 2, ("floor", -3.5)),
            }.Select(view => $"{view}\n{view.ToHtml()}"),
            Assert.Throws<InvalidOperationException>(
                () => TensorText.Format(table.sum().expand(1L << 31), PrintOptions.Full)).Message,
        ];
    }

    [Fact]
    public void An_embedding_shows_its_sizes_and_its_table()
    {
        using var embedding = torch.nn.Embedding(2, 3);
        var text = Show(embedding, _rows).ToString();
        Assert.StartsWith("Embedding(2, 3): 2 rows of width 3, 6 numbers\nParameter containing:\ntensor([[", text,
            StringComparison.Ordinal);
        Assert.EndsWith("# <b>cat</b>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_module_shows_its_parameters_and_takes_no_row_labels()
    {
        using var linear = torch.nn.Linear(3, 2);
        Assert.Equal("Linear: 2 parameters, 8 numbers\n  weight  (2, 3)             6\n  bias    (2,)               2",
            Show(linear).ToString());
        Assert.Throws<ArgumentException>(() => Show(linear, _rows));
    }

    [Fact]
    public void An_embedding_that_is_disposed_is_refused()
    {
        var embedding = torch.nn.Embedding(2, 3);
        embedding.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Show(embedding));
    }

    [Fact]
    public void Several_values_are_shown_under_their_names()
    {
        using var ids = torch.arange(2);
        using var sum = ids + 1;
        Assert.Equal("ids =\ntensor([0, 1])\n\nsum =\ntensor([1, 2])", Show(ids, sum).ToString());
        Assert.Equal("ids.shape =\ntorch.Size([2])\n\nsum =\ntensor([1, 2])",
            Show(Show(ids.shape), Show(sum)).ToString());
    }

    [Fact]
    public void A_null_is_named_in_the_message()
    {
        torch.Tensor missing = null!;
        Assert.Equal("missing", Assert.Throws<ArgumentNullException>(() => Show(missing)).ParamName);
        View none = null!;
        Assert.Equal("views", Assert.Throws<ArgumentNullException>(() => Show(none)).ParamName);
    }

    [Theory]
    [InlineData("torch.tensor(new[] { 1f, 2f })", "tensor([1., 2.])")]
    [InlineData(
        "torch.nn.Embedding_from_pretrained(torch.ones(1, 2), freeze: false).weight",
        "Parameter containing:\ntensor([[1., 1.]], requires_grad=True)")]
    [InlineData(
        "torch.nn.Embedding_from_pretrained(torch.ones(1, 2))",
        "Embedding(1, 2): 1 rows of width 2, 2 numbers\nParameter containing:\ntensor([[1., 1.]])")]
    [InlineData("torch.nn.Dropout()", "Dropout: 0 parameters, 0 numbers")]
    public async Task In_a_notebook_a_bare_value_is_shown_as_text_and_as_HTML(string value, string text)
    {
        using var folder = new NotebookFolder();
        var path = folder.Write("bare.ipynb",
            "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"",
            "using TorchSharp;\nGptEmbeddings.Tutorial.Begin();", value);
        var result = await NotebookFolder.Run("save", "--quiet", path);
        Assert.Equal("", result.Errors);
        var output = NotebookFile.Load(path, path).CodeCells.Last().SavedOutputs.Single();
        Assert.Equal(["text/html", "text/plain"], output.Parts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(text, output.Parts["text/plain"]);
        Assert.Contains("<pre", output.Parts["text/html"], StringComparison.Ordinal);
    }

    [GeneratedRegex("min [^<]*")]
    private static partial Regex Facts();

    private static string Preformatted(string html) =>
        WebUtility.HtmlDecode(Tag().Replace(html[html.IndexOf("<pre", StringComparison.Ordinal)..], ""));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("""<span title="(\[[^"]*\])"(?: style="background:rgba\((\d+,\d+,\d+),([\d.]+)\)")?>""")]
    private static partial Regex NumberSpan();
}
