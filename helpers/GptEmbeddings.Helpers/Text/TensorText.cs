using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>Prints tensors as PyTorch prints them.</summary>
public static class TensorText
{
    internal const string Opening = "tensor(";

    /// <summary>The text that PyTorch's <c>repr</c> gives for the tensor, character for character.</summary>
    /// <param name="tensor">A tensor of any shape, dtype, layout and device. It is not changed.</param>
    /// <param name="options">Digits, summary and line width; null for <see cref="PrintOptions.Default"/>.</param>
    /// <param name="rowLabels">
    /// One label for each row, printed as a comment, <c>  # label</c>, at the end of the line on which the row ends.
    /// A row is a vector along the last dimension: a tensor of shape (2, 3, 4) has 6, a 0-d tensor none. An empty label
    /// prints no comment; a line break in one prints as <c>\n</c>. Sparse and meta tensors take no labels.
    /// </param>
    /// <returns>The text, such as <c>tensor([1., 2.])</c>, without a line break at its end.</returns>
    /// <remarks>
    /// <para>The rules are those of <c>_str_intern</c> and <c>_add_suffixes</c> in PyTorch 2.10's
    /// <c>_tensor_str.py</c>. One thing differs: TorchSharp does not expose the name of an autograd node, so a tensor
    /// that is no leaf of the graph prints <c>grad_fn=&lt;...&gt;</c>.</para>
    /// <para>Only what is shown is read: a summary of a huge tensor costs as little as that of a small one. It is read
    /// once, at the start: another thread may go on writing to the tensor, or dispose it.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The tensor is null.</exception>
    /// <exception cref="ArgumentException">There is not one label for each row.</exception>
    /// <exception cref="ObjectDisposedException">The tensor is disposed.</exception>
    /// <exception cref="InvalidOperationException">The text would not fit into a string.</exception>
    public static string Format(
        Tensor tensor, PrintOptions? options = null, IReadOnlyList<string>? rowLabels = null) =>
        Print(tensor, options, rowLabels, withNumbers: false).Text;

    /// <summary>The text of <see cref="Format"/>, and where each number stands in it.</summary>
    internal static PrintedTensor Print(
        Tensor tensor, PrintOptions? options = null, IReadOnlyList<string>? rowLabels = null,
        string? name = null, bool withNumbers = true)
    {
        options ??= PrintOptions.Default;
        using var held = Hold(tensor, name);
        var isRare = RareLayouts.IsRare(held);
        using var temporaries = isRare ? NewDisposeScope() : null;
        if (rowLabels is not null) RowLabels.Check(held, rowLabels);

        var text = new TextLines(withNumbers ? [] : null);
        if (tensor is Parameter)
        {
            text.Append("Parameter containing:");
            text.Break(0);
        }

        text.Append(Opening);
        if (isRare) RareLayouts.WriteElements(held, options, text, rowLabels);
        else TensorRows.Write(held, options, text, Opening.Length, rowLabels);
        WriteSuffixes(Suffixes(held, options, isRare), options, text, mustBreak: held.is_sparse);
        return new(text.ToString(), text.Numbers ?? []);
    }

    /// <summary>
    /// A second handle to the same tensor, for the caller to dispose: libtorch does not bear that a handle is disposed
    /// while it is used. Of a disposed tensor the exception tells the name.
    /// </summary>
    internal static Tensor Hold(Tensor tensor, string? name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name ?? nameof(tensor));
        if (!tensor.IsInvalid) return tensor.alias();
        name ??= tensor.name ?? nameof(tensor);
        throw new ObjectDisposedException(
            name, $"The tensor '{name}' is disposed and cannot be printed. Print it before its dispose scope ends.");
    }

    /// <summary>A tuple as Python writes it: <c>(6, 4)</c>, <c>(6,)</c>, <c>()</c>.</summary>
    internal static string PythonTuple<T>(IReadOnlyCollection<T> items) =>
        $"({string.Join(", ", items)}{(items.Count == 1 ? "," : "")})";

    private static void WriteSuffixes(
        List<string> suffixes, PrintOptions options, TextLines text, bool mustBreak)
    {
        // PyTorch counts two characters too many for the line that the elements end on.
        var column = mustBreak ? options.LineWidth : text.Column + 2L;
        foreach (var suffix in suffixes)
        {
            text.Append(",");
            var fits = column + suffix.Length + 2 <= options.LineWidth;
            if (fits) text.Append(" ");
            else text.Break(Opening.Length);
            column = fits ? column + suffix.Length + 2 : Opening.Length + suffix.Length;
            text.Append(suffix);
        }

        text.Append(")");
    }

    private static List<string> Suffixes(Tensor tensor, PrintOptions options, bool isRare)
    {
        List<string> suffixes = [];
        if (tensor.device_type != get_default_device().type) suffixes.Add($"device='{tensor.device}'");
        if (isRare) suffixes.AddRange(RareLayouts.Suffixes(tensor, options));
        else if (tensor.numel() == 0)
        {
            // Without elements to see, the shape is told; [] alone already says (0,).
            if (tensor.dim() != 1) suffixes.Add($"size={PythonTuple(tensor.shape)}");
            if (tensor.dtype != get_default_dtype()) suffixes.Add(DTypes.Suffix(tensor.dtype));
        }
        else
        {
            if (options.EdgeItems == 0) suffixes.Add($"size={PythonTuple(tensor.shape)}");
            if (!DTypes.IsImplied(tensor.dtype)) suffixes.Add(DTypes.Suffix(tensor.dtype));
        }

        if (!tensor.is_leaf) suffixes.Add("grad_fn=<...>");
        else if (tensor.requires_grad) suffixes.Add("requires_grad=True");
        if (tensor.has_names()) suffixes.Add($"names={PythonTuple(Array.ConvertAll(tensor.names, PythonName))}");
        return suffixes;
    }

    private static string PythonName(string? name) => name is null ? "None" : $"'{name}'";
}
