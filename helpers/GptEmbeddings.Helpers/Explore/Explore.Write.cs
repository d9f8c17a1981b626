using System.Globalization;
using System.Runtime.InteropServices;
using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;

namespace GptEmbeddings;

public static partial class Explore
{
    private const int MostParameters = 300_000, ShownNext = 10;

    /// <summary>
    /// A trained model that writes on the page, without a kernel. The reader begins a text; its tokens, their ids and
    /// rows, the likeliest next tokens and a temperature stand below it.
    /// </summary>
    /// <param name="model">The model: V tokens, of which 0 is the end mark. At most 300,000 parameters.</param>
    /// <param name="tokens">The text of each token, by id: V of them.</param>
    /// <param name="texts">Texts as ids. What the reader types is cut into the words that occur in them.</param>
    /// <param name="starts">Beginnings to pick from; the first stands there at first. By default none.</param>
    /// <param name="title">What to call it.</param>
    /// <remarks>
    /// The page computes with weights of one byte: in each row of a matrix, multiples of a 127th of the largest
    /// magnitude in it. Vectors stay float32. Words are cut by the pattern of GPT-2's tokenizer (A. Radford et al.
    /// 2019, section 2.2; the pattern is in the code published with it).
    /// </remarks>
    /// <returns>A view whose scores are those of the rounded model, to about six digits.</returns>
    /// <exception cref="ArgumentException">
    /// The model is too large or holds a number that is not finite; there is not one text for each token; an id is not
    /// that of a token; a beginning has a word that does not occur, or is longer than the context.
    /// </exception>
    public static ExplorerView Write(
        Gpt model, IReadOnlyList<string> tokens, IEnumerable<IReadOnlyList<long>> texts,
        IReadOnlyList<string>? starts = null, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(texts);
        var (vocabularySize, context) = (model.Words.shape[0], (int)model.Positions.shape[0]);
        var parameters = model.named_parameters().ToArray();
        var count = parameters.Sum(one => one.parameter.numel());
        Require(
            count <= MostParameters,
            $"The model has {count:N0} parameters, and the explorer takes at most {MostParameters:N0}.",
            "Give a smaller one: a page holds each of them as a byte.",
            nameof(model));
        foreach (var (name, parameter) in parameters)
            Require(
                parameter.isfinite().all().item<bool>(),
                $"The model's '{name}' holds NaN or an infinite number.",
                "Find out where it comes from: a learning rate that is too high is often the cause.",
                nameof(model));
        Require(
            tokens.Count == vocabularySize,
            $"There are {tokens.Count:N0} tokens, and the word table has {vocabularySize:N0} rows.",
            "Give the text of each id, in the order of the ids.",
            nameof(tokens));
        var words = new TokenWords(tokens, texts);
        starts = starts is null or [] ? [""] : starts;
        var cuts = starts.Select(words.Cut).ToArray();
        foreach (var (start, cut) in starts.Zip(cuts)) CheckStart(cut, start, context);

        title ??= "The model writes";
        var weights = new RoundedWeights(parameters);
        return new("write", title, WriteText(title, model, tokens, starts[0], cuts[0].Ids), new
        {
            tokens,
            words = words.Longer,
            starts,
            context,
            heads = model.Heads,
            parts = weights.Parts,
            bytes = weights.Bytes,
            floats = weights.Floats,
        });
    }

    private static void CheckStart((IReadOnlyList<long> Ids, string? Unknown) cut, string start, int context)
    {
        Require(
            cut.Unknown is null,
            $"The beginning '{start}' has '{cut.Unknown?.Trim()}', which does not occur in the texts.",
            "Begin with words that the model has read.",
            "starts");
        Require(
            cut.Ids.Count < context,
            $"The beginning '{start}' has {cut.Ids.Count} tokens, and there is room for {context - 1}.",
            "Give a shorter one.",
            "starts");
    }

    private static string WriteText(
        string title, Gpt model, IReadOnlyList<string> tokens, string start, IReadOnlyList<long> ids)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var shares = model.call(tensor(ids.Prepend(0).ToArray()).unsqueeze(0))[0, -1].softmax(0);
        var (values, places) = shares.topk(Math.Min(ShownNext, tokens.Count));
        var next = values.data<float>().Zip(places.data<long>(), (share, id) => string.Create(
            CultureInfo.InvariantCulture, $"{RowLabels.Escape(tokens[(int)id])} {100 * share:0.0} %"));
        return $"Explorer \"{RowLabels.Escape(title)}\": {RowLabels.Escape(start)}\n"
            + $"ids {string.Join(", ", ids.Prepend(0))}\nlikeliest next: {string.Join(", ", next)}";
    }

    /// <summary>
    /// A model's parameters in few bytes: of a matrix one byte a number and one scale a row, of a vector four a number.
    /// </summary>
    internal sealed class RoundedWeights
    {
        private const int Largest = 127;

        /// <summary>Rounds the parameters, in their order.</summary>
        public RoundedWeights(IEnumerable<(string name, TorchSharp.Modules.Parameter parameter)> parameters)
        {
            var (bytes, floats) = (new List<sbyte>(), new List<float>());
            var parts = new List<object>();
            foreach (var (name, parameter) in parameters)
            {
                var values = Dense(parameter).to(ScalarType.Float32).contiguous().data<float>().ToArray();
                var rows = parameter.dim() == 2 ? (int)parameter.shape[0] : 0;
                parts.Add(new { name, rows, columns = rows == 0 ? values.Length : values.Length / rows });
                if (rows == 0) floats.AddRange(values);
                else
                    foreach (var row in values.Chunk(values.Length / rows))
                    {
                        var (rounded, scale) = Round(row);
                        bytes.AddRange(rounded);
                        floats.Add(scale);
                    }
            }

            Parts = parts;
            Bytes = Convert.ToBase64String(MemoryMarshal.AsBytes<sbyte>(bytes.ToArray()));
            Floats = Convert.ToBase64String(MemoryMarshal.AsBytes<float>(floats.ToArray()));
        }

        /// <summary>Name, rows and columns of each; a vector has 0 rows.</summary>
        public IReadOnlyList<object> Parts { get; }

        /// <summary>The matrices, row by row, in base64.</summary>
        public string Bytes { get; }

        /// <summary>The scales of a matrix's rows, or a vector's numbers, little-endian, in base64.</summary>
        public string Floats { get; }

        /// <summary>A row as whole multiples of a scale.</summary>
        public static (sbyte[] Rounded, float Scale) Round(float[] row)
        {
            var scale = row.Max(MathF.Abs) / Largest;
            return ([.. row.Select(value => scale == 0 ? (sbyte)0 : (sbyte)MathF.Round(value / scale))], scale);
        }
    }
}
