using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// A language of 33 words, small enough that a model learns all of it in seconds and that its entropy is known exactly.
/// A text is a walk from place to place in a sentence, for example <c>the old cow eats a clover near the barn .</c>
/// At each place one of a few classes is taken by its probability, and then any of its words, each as likely as the
/// next. Grazers eat plants and hunters eat meat; only <c>the</c> stands before a place such as <c>barn</c>.
/// </summary>
public static class ToyLanguage
{
    private const string Start = "start";

    private static readonly string[] _article = ["the", "a"], _size = ["big", "small", "old", "young"],
        _grazer = ["cow", "horse", "sheep", "goat"], _hunter = ["cat", "dog", "fox", "wolf"],
        _verb = ["eats", "wants", "finds", "likes"], _plant = ["grass", "hay", "corn", "clover"],
        _meat = ["fish", "ham", "chicken", "bone"], _preposition = ["in", "near"],
        _place = ["barn", "garden", "forest", "river"], _end = ["."];

    private static readonly Dictionary<string, Option[]> _grammar = new()
    {
        [Start] = [new(1, _article, "subject")],
        ["subject"] =
            [new(0.5, _size, "animal"), new(0.25, _grazer, "grazer's verb"), new(0.25, _hunter, "hunter's verb")],
        ["animal"] = [new(0.5, _grazer, "grazer's verb"), new(0.5, _hunter, "hunter's verb")],
        ["grazer's verb"] = [new(1, _verb, "plant's article")],
        ["hunter's verb"] = [new(1, _verb, "meat's article")],
        ["plant's article"] = [new(1, _article, "plant or size")],
        ["meat's article"] = [new(1, _article, "meat or size")],
        ["plant or size"] = [new(0.5, _size, "plant"), new(0.5, _plant, "where or end")],
        ["meat or size"] = [new(0.5, _size, "meat"), new(0.5, _meat, "where or end")],
        ["plant"] = [new(1, _plant, "where or end")],
        ["meat"] = [new(1, _meat, "where or end")],
        ["where or end"] = [new(0.5, _end, Start), new(0.5, _preposition, "place's article")],
        ["place's article"] = [new(1, ["the"], "place")],
        ["place"] = [new(1, _place, "end")],
        ["end"] = [new(1, _end, Start)],
    };

    /// <summary>The ten classes and the words of each. A model is never told them.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Words)> Classes { get; } =
    [
        ("article", _article), ("size", _size), ("grazer", _grazer), ("hunter", _hunter), ("verb", _verb),
        ("plant", _plant), ("meat", _meat), ("preposition", _preposition), ("place", _place), ("end", _end),
    ];

    /// <summary>The 33 words; the index of a word is its id.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Classes.SelectMany(one => one.Words)];

    /// <summary>The class of each of the 33 words, by id.</summary>
    public static IReadOnlyList<string> ClassOf { get; } =
        [.. Classes.SelectMany(one => one.Words.Select(_ => one.Name))];

    /// <summary>The id of a word.</summary>
    /// <exception cref="ArgumentException">The language does not have the word.</exception>
    public static long Id(string word)
    {
        for (var id = 0; id < Words.Count; id++) if (Words[id] == word) return id;
        throw new ArgumentException($"The language has no word '{word}'. It has: {string.Join(" ", Words)}",
            nameof(word));
    }

    /// <summary>Random texts, each beginning with a sentence, and the word that follows each of their words.</summary>
    /// <param name="count">How many texts.</param>
    /// <param name="length">How many words each has.</param>
    /// <returns>The ids, (count, length), and the same shifted by one word, (count, length).</returns>
    /// <remarks>What is drawn follows from torch's seed.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The count or the length is not positive.</exception>
    public static (Tensor Ids, Tensor Targets) Texts(int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var random = new Random((int)randint(0, int.MaxValue, 1).item<long>());
        var ids = Enumerable.Range(0, count).SelectMany(_ => Text(random).Take(length + 1).Select(Id));
        var all = tensor(ids.ToArray()).view(count, length + 1);
        return (all[.., ..^1], all[.., 1..]);
    }

    /// <summary>
    /// The mean entropy of the words that <see cref="Texts"/> gives as targets, in nats (units of ln): of each word,
    /// given all words before it. No model has a lower expected loss on new texts.
    /// </summary>
    /// <param name="length">How many words each text has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    public static double Entropy(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        // The words before a place tell which place it is: so the entropy of a word is that of its place, for each
        // place as likely as it is to be reached.
        var (sum, reached) = (0.0, Next(new() { [Start] = 1 }));
        for (var word = 0; word < length; word++, reached = Next(reached))
            sum += reached.Sum(place =>
                place.Value * _grammar[place.Key].Sum(o => o.Probability * Math.Log(o.Words.Length / o.Probability)));
        return sum / length;
    }

    private static Dictionary<string, double> Next(Dictionary<string, double> reached) => reached
        .SelectMany(place =>
            _grammar[place.Key].Select(option => (option.Then, Probability: place.Value * option.Probability)))
        .GroupBy(then => then.Then).ToDictionary(same => same.Key, same => same.Sum(then => then.Probability));

    private static IEnumerable<string> Text(Random random)
    {
        for (var place = Start; ;)
        {
            var (options, left) = (_grammar[place], random.NextDouble());
            var option = options[0];
            for (var i = 1; i < options.Length && (left -= option.Probability) >= 0; i++) option = options[i];
            yield return option.Words[random.Next(option.Words.Length)];
            place = option.Then;
        }
    }

    private sealed record Option(double Probability, string[] Words, string Then);
}
