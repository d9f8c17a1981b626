using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

[Collection(typeof(WholeProcess))]
public sealed class ToyLanguageTests
{
    public ToyLanguageTests() => TorchRuntime.Load();

    [Fact]
    public void It_has_33_words_in_ten_classes()
    {
        Assert.Equal((33, 10), (ToyLanguage.Words.Distinct().Count(), ToyLanguage.Classes.Count));
        Assert.All(ToyLanguage.Words.Zip(ToyLanguage.ClassOf), pair =>
            Assert.Contains(pair.First, ToyLanguage.Classes.Single(one => one.Name == pair.Second).Words));
        Assert.All(ToyLanguage.Words, (word, id) => Assert.Equal(id, ToyLanguage.Id(word)));
    }

    [Fact]
    public void An_unknown_word_is_named() =>
        Assert.Contains("no word 'sofa'", Assert.Throws<ArgumentException>(() => ToyLanguage.Id("sofa")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_target_is_the_word_that_follows()
    {
        var (ids, targets) = ToyLanguage.Texts(20, 9);
        Assert.Equal([20, 9], ids.shape);
        Assert.Equal(ids[.., 1..].data<long>().ToArray(), targets[.., ..^1].data<long>().ToArray());
    }

    [Fact]
    public void The_seed_of_torch_decides_what_is_drawn()
    {
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));

        static long[] Draw(int seed)
        {
            manual_seed(seed);
            return ToyLanguage.Texts(20, 9).Ids.data<long>().ToArray();
        }
    }

    [Fact]
    public void Grazers_eat_plants_and_hunters_meat_and_only_the_stands_before_a_place()
    {
        var text = ToyLanguage.Texts(200, 40).Ids.data<long>()
            .Select(id => (Word: ToyLanguage.Words[(int)id], Class: ToyLanguage.ClassOf[(int)id])).ToArray();
        var eater = "";
        foreach (var ((word, kind), i) in text.Select((one, i) => (one, i)))
        {
            if (kind is "grazer" or "hunter") eater = kind;
            if (i % 40 > 4 && (kind is "plant" or "meat")) Assert.Equal(kind == "plant" ? "grazer" : "hunter", eater);
            if (i % 40 > 0 && kind == "place") Assert.Equal("the", text[i - 1].Word);
        }
    }

    // Texts that begin alike are counted: an estimate that does not use the grammar. It is biased downwards by the few
    // counts.
    [Fact]
    public void The_entropy_is_that_of_the_texts_it_draws()
    {
        manual_seed(3);
        var (ids, _) = ToyLanguage.Texts(200_000, 3);
        var texts = ids.data<long>().Chunk(3).ToArray();
        var estimate = (Conditional(1) + Conditional(2)) / 2;
        Assert.Equal(ToyLanguage.Entropy(2), estimate, 0.01);

        double Conditional(int word) => Entropy(word + 1) - Entropy(word);

        double Entropy(int words) => texts.GroupBy(text => string.Join(' ', text.Take(words)))
            .Sum(same => -(double)same.Count() / texts.Length * Math.Log((double)same.Count() / texts.Length));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    public void A_size_that_is_not_positive_is_refused(int count, int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ToyLanguage.Texts(count, length));
}
