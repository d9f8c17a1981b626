using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// Views for the end of a cell that the reader changes without a kernel, computed by the page from the numbers given
/// here. An explorer keeps the numbers of the moment it was made.
/// </summary>
public static partial class Explore
{
    /// <summary>Reads a matrix whose numbers are all finite, to about six digits of its largest.</summary>
    /// <param name="tensor">The matrix.</param>
    /// <param name="rows">How many rows it must have, or null.</param>
    /// <param name="columns">How many columns it must have, or null.</param>
    /// <param name="parameter">The caller's parameter, which also names it in errors.</param>
    /// <exception cref="ArgumentException">It has another shape, or a number that is not finite.</exception>
    private static double[][] Matrix(Tensor tensor, int? rows, int? columns, string parameter)
    {
        ArgumentNullException.ThrowIfNull(tensor, parameter);
        var values = Read(tensor, parameter, parameter);
        Require(
            tensor.dim() == 2,
            $"'{parameter}' must be a 2-d tensor, and has shape {Shape(tensor)}.",
            "Give a matrix, such as embedding.weight or tensor[0].",
            parameter);
        var (height, width) = ((int)tensor.shape[0], (int)tensor.shape[1]);
        Require(
            (rows ?? height) == height && (columns ?? width) == width,
            $"'{parameter}' must have {Wanted(rows, columns)}, and has shape {Shape(tensor)}.",
            "Give the tensors of one and the same model.",
            parameter);
        return [.. Finite(values, tensor, parameter).Chunk(width)];
    }

    private static IEnumerable<double> Finite(double[] values, Tensor tensor, string parameter)
    {
        Require(
            values.All(double.IsFinite),
            $"'{parameter}' of shape {Shape(tensor)} holds NaN or an infinite number.",
            "Find out where it comes from; an explorer computes with finite numbers only.",
            parameter);
        return Rounded(values).Select(value => value!.Value);
    }

    private static string Wanted(int? rows, int? columns) => string.Join(" and ", new[]
    {
        rows is { } height ? $"{height} rows" : null, columns is { } width ? $"{width} columns" : null,
    }.OfType<string>());

    private static void CheckWords(IReadOnlyList<string> words, int most)
    {
        ArgumentNullException.ThrowIfNull(words);
        Require(
            words.Count > 0 && words.Count <= most,
            $"There are {words.Count} words, and the explorer shows 1 to {most}.",
            "Give a few of them, and the same rows of the tensor.",
            nameof(words));
        for (var i = 0; i < words.Count; i++)
            Require(
                !string.IsNullOrWhiteSpace(words[i]),
                $"The word at index {i} is null or blank.",
                "Give a word that can be seen.",
                nameof(words));
    }

    private static void CheckWidth(int width, int most, string parameter) => Require(
        width <= most,
        $"'{parameter}' has {width} columns, and the explorer shows at most {most}.",
        "Give the first few, such as tensor[.., ..4].",
        parameter);

    // Text of a caller as one line of the plain text.
    private static string Line(IEnumerable<string> words) => RowLabels.Escape(string.Join(' ', words));
}
