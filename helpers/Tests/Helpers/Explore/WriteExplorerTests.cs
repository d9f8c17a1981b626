using System.Text.Json;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>The explorer of notebook 6: a GPT that writes on the page, as a reader uses it in a browser.</summary>
public sealed class WriteExplorerTests(ReadingRoom room)
{
    private const int V = 60, T = 32;
    private const string Hostile = "<img src=x onerror=\"console.error('ran')\"></script>";

    private const string Shares = "[...document.querySelectorAll('.gx table')[0].querySelectorAll('td:nth-child(2)')]"
        + ".map(cell => parseFloat(cell.textContent))";

    private static readonly string[] _tokens =
        ["<end>", " the", " cat", " sat", "s", Hostile, .. Enumerable.Range(6, V - 6).Select(id => $" w{id}")];

    private static readonly long[][] _texts = [[1, 2, 3], [1, 2, 4, 3]];

    [Fact]
    public async Task The_page_scores_as_TorchSharp_does_with_the_same_rounded_weights()
    {
        using var scope = Scope();
        var model = Model();
        var page = (await ExplorerPage.Open(room, Explore.Write(model, _tokens, _texts, ["the cat"]))).Page;
        Round(model);
        var ids = randint(1, V, 31).data<long>().Prepend(0).ToArray();
        for (var length = 1; length <= T; length++)
        {
            var said = (await page.Evaluate(
                $"[...document.querySelector('.gx').scoresAfter({JsonSerializer.Serialize(ids[..length])})]"))!;
            var expected = model.call(tensor(ids[..length]).unsqueeze(0))[0, -1].detach().data<float>().ToArray();
            var range = expected.Max() - expected.Min();
            Assert.True(range > 1, $"{range}");
            Assert.Equal(V, said.AsArray().Count);
            Assert.All(expected.Zip(said.AsArray(), (a, b) => Math.Abs(a - (double)b!)),
                difference => Assert.InRange(difference, 0, 1e-3 * range));
        }

        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public async Task Typed_text_is_cut_as_the_tokenizer_of_GPT_2_cuts_it_or_refused_with_its_word()
    {
        using var scope = Scope();
        var docs = Docs.Of;
        var model = new Gpt(docs.Tokens.Length, T);
        var page = (await ExplorerPage.Open(room, Explore.Write(model, docs.Tokens, docs.Kept, ["Gets the"]))).Page;

        var words = DotNetDocs.Texts().SelectMany(text => text.Split(' ')).Distinct().Where((_, i) => i % 3 == 0)
            .Take(9_000).Concat(docs.Tokens.Skip(1).Select(token => token.Trim())).Where(word => word.Length > 0)
            .Concat(["don't", "it's", "x'll", "naïve", "日本語", "🙂", "1234567", "a  b", "tab\tbed", "a\u00a0b",
                "a\u0085b", "ﬁle", "e\u0301", "'s", "''", "--", "...", "C#", "λ", "٣", "½", "the the", "(the)", "Ⅷ"])
            .ToArray();
        Assert.True(words.Length > 10_000, $"{words.Length}");
        var cut = (await page.Evaluate(
            $"{JsonSerializer.Serialize(words)}.map(word => document.querySelector('.gx').cut(word))"))!.AsArray();
        var (accepted, refused) = (0, 0);
        foreach (var (word, said) in words.Zip(cut))
        {
            var expected = docs.Tokenizer.EncodeToIds(" " + word)
                .Select(id => docs.IdOf.GetValueOrDefault(id)).ToArray();
            if (said!["unknown"] is { } unknown)
            {
                Assert.Contains(unknown.ToString().Trim(), word, StringComparison.Ordinal);
                Assert.False(docs.Occurs(word), word);
                refused++;
            }
            else
            {
                Assert.Equal(expected, said["ids"]!.AsArray().Select(id => (long)id!));
                accepted++;
            }
        }

        Assert.True(accepted > 3_000 && refused > 3_000, $"{accepted} accepted, {refused} refused");

        var texts = docs.Kept.Where((_, i) => i % 100 == 0).ToArray();
        var cutTexts = (await page.Evaluate($"{JsonSerializer.Serialize(texts.Select(docs.Text))}"
            + ".map(text => document.querySelector('.gx').cut(text).ids)"))!;
        Assert.Equal(texts, cutTexts.AsArray().Select(ids => ids!.AsArray().Select(id => (long)id!).ToArray()));
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Theory]
    [InlineData(390, false)]
    [InlineData(1280, true)]
    public async Task A_text_is_written_by_mouse_finger_and_keys(int width, bool dark)
    {
        using var scope = Scope();
        var explorer = await ExplorerPage.Open(
            room, Explore.Write(Model(), _tokens, _texts, ["the cats", "the"]), width, dark);
        var page = explorer.Page;
        Assert.Equal("end ␣the ␣cat s", await explorer.Sentence);
        Assert.Equal(10, (await Numbers(page)).Length);

        // The likeliest one, by mouse; its rows are shown.
        var likeliest = await page.Text("document.querySelectorAll('.gx tbody th button')[0].textContent");
        await explorer.Click(".gx tbody th button");
        Assert.Equal($"end ␣the ␣cat s {likeliest}", await explorer.Sentence);
        Assert.Contains($"of {likeliest} at position 4", await page.Text(
            "document.querySelectorAll('.gx table')[1].caption.textContent"), StringComparison.Ordinal);

        // Another token's rows, by finger.
        var (x, y, w, h) = await page.Place(".gx-tokens li:nth-child(2) button");
        await page.Tap(x + w / 2, y + h / 2);
        Assert.Contains("of ␣the at position 1", await page.Text(
            "document.querySelectorAll('.gx table')[1].caption.textContent"), StringComparison.Ordinal);
        Assert.Equal("3", await page.Text("document.querySelectorAll('.gx .gx-strip svg[role=img]').length"));

        // Colder by the keyboard: the likeliest becomes likelier still.
        var before = (await Numbers(page))[0];
        await page.Run("document.querySelector('.gx input[type=range]').focus()");
        for (var i = 0; i < 5; i++) await page.Press("ArrowLeft");
        Assert.Contains("at temperature 0.3", await page.Text(
            "document.querySelectorAll('.gx table')[0].caption.textContent"), StringComparison.Ordinal);
        Assert.True((await Numbers(page))[0] > before);

        await explorer.Push("Write to the end");
        var written = await explorer.Sentence;
        Assert.True(written.EndsWith(" end", StringComparison.Ordinal) || await page.Text(
            "String(document.querySelectorAll('.gx-tokens li').length)") == $"{T + 1}", written);
        Assert.Equal("true", await page.Text(
            "[...document.querySelectorAll('.gx button')].find(one => one.textContent === 'Next').ariaDisabled"));
        await explorer.Push("Next");
        Assert.Equal(written, await explorer.Sentence);

        await explorer.Push("Another");
        Assert.StartsWith("end ␣the ␣cat s ", await explorer.Sentence, StringComparison.Ordinal);

        // Typed: a word that it never read, and one that it did.
        await page.Run("document.querySelector('.gx-type').focus(); document.querySelector('.gx-type').select()");
        await page.Type("the zebra");
        await page.Press("Enter");
        Assert.Contains("does not know “zebra”", await page.Text(
            "document.querySelector('.gx [role=alert]').textContent"), StringComparison.Ordinal);
        await page.Run("document.querySelector('.gx-type').select()");
        await page.Type("the cat sat");
        await page.Press("Enter");
        Assert.Equal("", await page.Text("document.querySelector('.gx [role=alert]').textContent"));
        Assert.Equal("end ␣the ␣cat ␣sat", await explorer.Sentence);
        Assert.Contains("the cat sat. Likeliest next: ", await explorer.Told, StringComparison.Ordinal);

        Assert.Equal("true", await page.Text("String(document.documentElement.scrollWidth <= innerWidth)"));
        Assert.Empty(await page.Barriers("[data-explore]"));
        Assert.Equal("0", await page.Text("document.querySelectorAll('.gx img, .gx script').length"));
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public void The_text_says_the_beginning_and_the_likeliest_next_tokens()
    {
        using var scope = Scope();
        var model = Model();
        var view = Explore.Write(model, _tokens, _texts, ["the cat"]);
        var lines = view.ToString().Split('\n');
        Assert.Equal("Explorer \"The model writes\": the cat", lines[0]);
        Assert.Equal("ids 0, 1, 2", lines[1]);
        var likeliest = model.call(tensor(new long[] { 0, 1, 2 }).unsqueeze(0))[0, -1].argmax().item<long>();
        Assert.StartsWith($"likeliest next: {_tokens[likeliest]} ", lines[2], StringComparison.Ordinal);
        Assert.Equal(2, view.ToHtml().Split("</script>").Length - 1);
    }

    [Fact]
    public void Bad_input_is_told_by_its_name()
    {
        using var scope = Scope();
        var model = Model();
        void Throws(string told, Action make) =>
            Assert.Contains(told, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

        Throws("There are 59 tokens, and the word table has 60 rows", () => Explore.Write(model, _tokens[1..], _texts));
        Throws("A text has the id 60, and the tokens have 1 to 59", () => Explore.Write(model, _tokens, [[1, 60]]));
        Throws("A text has the id 0", () => Explore.Write(model, _tokens, [[0, 1]]));
        Throws("The beginning 'the dog' has 'dog'", () => Explore.Write(model, _tokens, _texts, ["", "the dog"]));
        Throws("32 tokens, and there is room for 31", () => Explore.Write(
            model, _tokens, _texts, [string.Join(' ', Enumerable.Repeat("the", T))]));
        Throws("at most 300,000", () => Explore.Write(new Gpt(5000, T), new string[5000], []));
        nn.init.constant_(model.Positions, double.NaN);
        Throws("'positions.weight' holds NaN", () => Explore.Write(model, _tokens, _texts));
    }

    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public void Rounding_costs_a_trained_model_less_than_a_thousandth_nat()
    {
        using var scope = Scope();
        manual_seed(7);
        var ids = tensor(Docs.Of.Kept.SelectMany(text => text.Prepend(0)).ToArray());
        var (train, test) = (ids[..^33_000], ids[^33_000..]);
        var model = new Gpt(Docs.Of.Tokens.Length, T);
        var adam = optim.Adam(model.parameters(), 3e-3);
        Tensor Loss(Tensor windows) => nn.functional.cross_entropy(
            model.call(windows[.., ..T]).flatten(0, 1), windows[.., 1..].flatten());
        for (var step = 0; step < 200; step++)
        {
            using var inner = NewDisposeScope();
            adam.zero_grad();
            Loss(train[randint(0, train.numel() - T, [32, 1]) + arange(T + 1)]).backward();
            adam.step();
        }

        double TestLoss()
        {
            using var none = no_grad();
            return Loss(test[arange(500).unsqueeze(1) * T + arange(T + 1)]).item<float>();
        }

        var before = TestLoss();
        Round(model);
        Assert.InRange(before, 2, 4.5);
        Assert.InRange(Math.Abs(TestLoss() - before), 0, 0.001);
    }

    private static async Task<double[]> Numbers(ReadingPage page) =>
        [.. (await page.Evaluate(Shares))!.AsArray().Select(share => (double)share!)];

    private static DisposeScope Scope()
    {
        TorchRuntime.Load();
        return NewDisposeScope();
    }

    private static Gpt Model()
    {
        TorchRuntime.Load();
        manual_seed(3);
        var model = new Gpt(V, T, width: 32, heads: 2);
        foreach (var parameter in model.parameters())
            if (parameter.dim() == 2) nn.init.normal_(parameter, 0, 0.3);
        return model;
    }

    // What the explorer's bytes stand for.
    private static void Round(Gpt model)
    {
        using var none = no_grad();
        foreach (var parameter in model.parameters().Where(parameter => parameter.dim() == 2))
            for (var row = 0; row < parameter.shape[0]; row++)
            {
                var (rounded, scale) = Explore.RoundedWeights.Round(parameter[row].data<float>().ToArray());
                parameter[row].copy_(tensor(rounded.Select(value => value * scale).ToArray()));
            }
    }
}
