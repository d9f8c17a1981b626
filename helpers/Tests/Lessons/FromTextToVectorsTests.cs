using System.Globalization;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.ML.Tokenizers;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;

namespace GptEmbeddings.Tests;

/// <summary>What notebook 4, its solutions and its drawings say of tokens, merges, windows and sizes.</summary>
public sealed partial class FromTextToVectorsTests
{
    private static readonly NotebookFile _lesson = Repository.Lesson(4);
    private static readonly NotebookFile _solution =
        Repository.Solutions.Single(solution => solution.Name == _lesson.Name);
    private static readonly TiktokenTokenizer _tokenizer = TiktokenTokenizer.CreateForModel("gpt2");

    [Fact]
    public void A_vocabulary_of_words_breaks_on_a_new_word() =>
        Assert.Equal("The given key 'sofa' was not present in the dictionary.\n", Output("KeyNotFoundException"));

    [Fact]
    public void Words_and_bytes_make_the_paragraph_61_and_247_tokens() =>
        Assert.Equal([61, 247], Numbers(Output("GetBytes(text)")));

    [Theory]
    [InlineData("merges.svg", 9)]
    [InlineData("summary.svg", 3)]
    public void The_ids_in_a_drawing_are_those_of_GPT2(string picture, int count)
    {
        var texts = DrawnText().Matches(File.ReadAllText(Path.Combine(Repository.Root, "notebooks", "images", picture)))
            .Select(match => match.Groups[1].Value).ToArray();
        var ids = texts.Zip(texts.Skip(1))
            .Where(pair =>
                pair.First.Any(char.IsLetter) && !pair.First.Contains('(')
                && int.TryParse(pair.Second, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _))
            .Select(pair => (
                Token: pair.First.Trim('\'').Replace('␣', ' '),
                Id: int.Parse(pair.Second, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)))
            .Where(pair => pair.Id > 255).ToArray();
        Assert.Equal(count, ids.Length);
        Assert.All(ids, pair => Assert.Equal([pair.Id], _tokenizer.EncodeToIds(pair.Token)));
    }

    [Fact]
    public void The_steps_of_a_word_end_at_its_tokens()
    {
        Assert.Equal(" afternoon", Output("string Watch").Split('\n')[^1]);
        Assert.Equal(10, Output("string Watch").Split('\n').Length);
        Assert.Contains("\n after|no|ons\n\n'ons' has the id 684, 'oon' the id 2049", Output("Watch(\" afternoons\")"),
            StringComparison.Ordinal);
        Assert.EndsWith("the same pieces in all: True", Output("var hard"), StringComparison.Ordinal);
    }

    [Fact]
    public void More_merges_make_shorter_texts_as_the_prose_says()
    {
        var lengths = Output("int[] merges").Split('\n')[1..].Select(Numbers)
            .ToDictionary(line => line[0], line => line[2]);
        Assert.Equal(0.2, 1 - lengths[10] / 247, 0.02);
        Assert.Equal((61, 61), (lengths[10_000], lengths[50_000]));
        Assert.Equal(lengths.Values.OrderDescending(), lengths.Values);
    }

    [Fact]
    public void A_space_makes_another_token()
    {
        Assert.Equal("9246 'cat'  3797 ' cat'\n8499 'after'  6357 'noon'  6672 ' afternoon'",
            Output("Pieces(\"cat cat\")"));
        Assert.EndsWith("decoding gives back both texts: True", Output("var again"), StringComparison.Ordinal);
    }

    [Fact]
    public void Larger_vocabularies_shorten_German_and_Russian_and_not_English()
    {
        string[] sentences =
        [
            "The cat sleeps all afternoon on the warm mat outside.",
            "Die Katze schläft den ganzen Nachmittag draußen auf der warmen Matte.",
            "Кошка весь день спит на тёплом коврике во дворе.",
        ];
        var code = _lesson.CodeCells.Select(cell => cell.Source).Single(source =>
            source.Contains("o200k_base", StringComparison.Ordinal)
            && source.Contains("sentences", StringComparison.Ordinal));
        Assert.All(sentences, sentence => Assert.Contains(sentence, code, StringComparison.Ordinal));
        var larger = TiktokenTokenizer.CreateForEncoding("cl100k_base");
        Assert.Equal(_tokenizer.CountTokens(sentences[0]), larger.CountTokens(sentences[0]));
        Assert.All(sentences[1..], sentence =>
            Assert.True(larger.CountTokens(sentence) < _tokenizer.CountTokens(sentence)));
        Assert.Equal((53, 48), (_tokenizer.CountTokens(sentences[2]), sentences[2].Length));
    }

    [Fact]
    public void GPT2_has_a_row_for_each_byte_each_merge_and_one_special_token()
    {
        Assert.Equal("<|endoftext|> has the id 50,256: 50,257 rows", Output("var vocabSize"));
        Assert.All(Enumerable.Range(256, 50_000), id => Assert.NotEqual("", _tokenizer.Decode([id])));
    }

    [Fact]
    public void A_target_is_the_input_one_token_later()
    {
        var lines = Output("long[] Window(int start)").Split('\n').Select(line => line[8..].Split('|')).ToArray();
        Assert.Equal(lines[0][1..], lines[1][..^1]);
    }

    [Fact]
    public void A_window_of_8_tokens_asks_8_questions_each_with_one_token_more()
    {
        var questions = Output("string[] Question").Split('\n')[1..].Select(line => line.Split("  ", 2)).ToArray();
        Assert.Equal(8, questions.Length);
        Assert.All(questions.Zip(questions.Skip(1)), pair =>
            Assert.Equal(pair.First[0] + pair.First[1].Trim(' ').Trim('\''), pair.Second[0]));
    }

    [Fact]
    public void The_real_sizes_are_those_of_GPT2_small()
    {
        Assert.Equal("words: 38,597,376 numbers, 154 MB; positions: 786,432 numbers, 3 MB",
            Output("string Size(Tensor table)"));
        Assert.StartsWith("x.shape =\ntorch.Size([4, 8, 768])", Output("var x = wordEmbed"), StringComparison.Ordinal);
        Assert.Equal("every number equal: True", Output("var oneHot"));
    }

    [Theory]
    [InlineData("var rare =", "largest id: 85,342\nindex out of range in self\n")]
    [InlineData("var novel =", "1,221 tokens\nindex out of range in self\n")]
    public void What_goes_wrong_is_shown_with_its_message(string code, string message) =>
        Assert.Equal(message, Output(code));

    [Fact]
    public void Two_tokenizers_number_the_bytes_alike_and_three_merges_by_chance() => Assert.Equal(
        "of 50,257 ids, 259 mean the same in both:\n256 bytes, and 'en' 'se' 'Wheel'", Output("var alike"));

    [Fact]
    public void Merges_learned_from_the_paragraph_are_mostly_among_the_first_of_GPT2()
    {
        var ids = Repository.Output(_solution, "var learned").Split('\n')[2..].Select(line => Numbers(line)[1])
            .ToArray();
        Assert.Equal((10, 9), (ids.Length, ids.Count(id => id < 256 + 14)));
    }

    private static string Output(string code) => Repository.Output(_lesson, code);

    [GeneratedRegex("<text[^>]*>([^<]*)</text>")]
    private static partial Regex DrawnText();
}
