using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>The words that stand as comments beside the rows of a printed tensor.</summary>
internal static class RowLabels
{
    /// <summary>Throws unless the tensor prints rows, and there is one label for each.</summary>
    public static void Check(Tensor tensor, IReadOnlyList<string> rowLabels)
    {
        if (tensor.is_sparse || tensor.is_meta)
            throw new ArgumentException(
                $"A {(tensor.is_sparse ? "sparse" : "meta")} tensor prints no rows that could be labeled. "
                + "Leave the labels out, or print a dense tensor.",
                nameof(rowLabels));

        var shape = tensor.shape;
        var rows = shape.Length == 0 ? 0 : shape[..^1].Aggregate(1L, (product, size) => product * size);
        if (rowLabels.Count != rows)
            throw new ArgumentException(
                $"A tensor of shape [{string.Join(", ", shape)}] has {rows} rows (vectors along the last dimension), "
                + $"but the number of row labels is {rowLabels.Count}. Give one label for each row.",
                nameof(rowLabels));
    }

    /// <summary>The label as one line: what would break it is written as C# escapes it.</summary>
    public static string Escape(string label) => string.Concat(label.Select(c => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when char.IsControl(c) || c is '\u2028' or '\u2029' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    }));
}
