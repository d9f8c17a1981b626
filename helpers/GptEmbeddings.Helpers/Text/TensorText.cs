using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>Prints tensors as PyTorch prints them.</summary>
public static class TensorText
{
    private const string Opening = "tensor(";

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
    /// <para>The rules are those of <c>_str_intern</c> and <c>_add_suffixes</c> in PyTorch 1.13's <c>_tensor_str.py</c>.
    /// One thing differs: TorchSharp does not expose the name of an autograd node, so a tensor that is no leaf of the
    /// graph prints <c>grad_fn=&lt;...&gt;</c>.</para>
    /// <para>Only what is shown is read: a summary of a huge tensor costs as little as that of a small one. It is read once,
    /// at the start: another thread may go on writing to the tensor, or dispose it.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The tensor is null.</exception>
    /// <exception cref="ArgumentException">There is not one label for each row.</exception>
    /// <exception cref="ObjectDisposedException">The tensor is disposed.</exception>
    /// <exception cref="InvalidOperationException">The text would not fit into a string.</exception>
    public static string Format(Tensor tensor, PrintOptions? options = null, IReadOnlyList<string>? rowLabels = null)
    {
        using var scope = NewDisposeScope();
        return Write(Hold(tensor, name: null), tensor is Parameter, options, rowLabels, numbers: null);
    }

    /// <summary>The text of <see cref="Format"/>, and where each number stands in it. The name is for messages.</summary>
    internal static PrintedTensor Print(
        Tensor tensor, PrintOptions? options = null, IReadOnlyList<string>? rowLabels = null, string? name = null)
    {
        using var scope = NewDisposeScope();
        return Print(Hold(tensor, name), tensor is Parameter, options, rowLabels);
    }

    /// <summary>The same for a tensor that the caller holds, as long as it holds it.</summary>
    internal static PrintedTensor Print(
        Tensor held, bool isParameter, PrintOptions? options = null, IReadOnlyList<string>? rowLabels = null)
    {
        var numbers = new List<PrintedNumber>();
        return new PrintedTensor(Write(held, isParameter, options, rowLabels, numbers), numbers);
    }

    /// <summary>
    /// A second handle to the same tensor, which belongs to the current dispose scope. libtorch does not bear that a handle
    /// is disposed while it is used.
    /// </summary>
    /// <exception cref="ArgumentNullException">The tensor is null.</exception>
    /// <exception cref="ObjectDisposedException">The tensor is disposed.</exception>
    internal static Tensor Hold(Tensor tensor, string? name)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!tensor.IsInvalid) return tensor.alias();
        name ??= tensor.name ?? nameof(tensor);
        throw new ObjectDisposedException(
            name, $"The tensor '{name}' is disposed and cannot be printed. Print it before its dispose scope ends.");
    }

    private static string Write(
        Tensor tensor,
        bool isParameter,
        PrintOptions? options,
        IReadOnlyList<string>? rowLabels,
        List<PrintedNumber>? numbers)
    {
        options ??= PrintOptions.Default;

        using var noGradients = no_grad();
        using var temporaries = NewDisposeScope();
        using var text = new TextLines();
        if (rowLabels is not null) RowLabels.Check(tensor, rowLabels);

        if (isParameter)
        {
            text.Append("Parameter containing:");
            text.Break(0);
        }

        var quantization = tensor.is_quantized() ? new Quantization(tensor) : null;
        text.Append(Opening);
        if (tensor.is_sparse) WriteSparse(tensor, options, text);
        else if (tensor.is_meta) text.Append("...");
        else TensorRows.Write(quantization?.Viewable ?? tensor, options, text, Opening.Length, rowLabels, numbers);
        WriteSuffixes(Suffixes(tensor, quantization?.Suffixes(options)), options, text, mustBreak: tensor.is_sparse);
        return text.ToString();
    }

    private static void WriteSparse(Tensor tensor, PrintOptions options, TextLines text)
    {
        WritePart("indices=tensor(", tensor.SparseIndices);
        text.Append(',');
        text.Break(Opening.Length);
        WritePart("values=tensor(", tensor.SparseValues);

        void WritePart(string opening, Tensor part)
        {
            text.Append(opening);
            if (part.is_meta) text.Append("...");
            else TensorRows.Write(part, options, text, Opening.Length + opening.Length);
            if (part.is_meta || part.numel() == 0) text.Append($", size={PythonTuple(part.shape)}");
            text.Append(')');
        }
    }

    private static void WriteSuffixes(
        IEnumerable<string> suffixes, PrintOptions options, TextLines text, bool mustBreak)
    {
        // PyTorch counts two characters too many for the line that the elements end on.
        var column = text.Column + 2L;
        foreach (var suffix in suffixes)
        {
            text.Append(',');
            if (mustBreak || column + suffix.Length + 2 > options.LineWidth)
            {
                text.Break(Opening.Length);
                column = Opening.Length + suffix.Length;
            }
            else
            {
                text.Append(' ');
                column += suffix.Length + 2;
            }

            text.Append(suffix);
            mustBreak = false;
        }

        text.Append(')');
    }

    private static IEnumerable<string> Suffixes(Tensor tensor, IEnumerable<string>? quantization)
    {
        var dtype = tensor.dtype;
        var dtypeName = $"dtype={DTypes.PythonName(dtype)}";
        var size = $"size={PythonTuple(tensor.shape)}";
        var isEmpty = tensor.numel() == 0;

        if (tensor.device_type != get_default_device().type) yield return $"device='{tensor.device}'";

        if (tensor.is_sparse)
        {
            yield return size;
            if (!tensor.is_meta) yield return $"nnz={tensor.SparseValues.size(0)}";
            if (!DTypes.IsImplied(dtype)) yield return dtypeName;
            yield return "layout=torch.sparse_coo";
        }
        else if (quantization is not null)
        {
            yield return size;
            yield return dtypeName;
            foreach (var suffix in quantization) yield return suffix;
        }
        else if (tensor.is_meta || isEmpty)
        {
            // Without elements to see, the shape is told; [] alone already says (0,).
            if (tensor.is_meta || tensor.dim() != 1) yield return size;
            if (dtype != get_default_dtype()) yield return dtypeName;
        }
        else if (!DTypes.IsImplied(dtype))
        {
            yield return dtypeName;
        }

        if (!tensor.is_leaf) yield return "grad_fn=<...>";
        else if (tensor.requires_grad) yield return "requires_grad=True";

        if (tensor.has_names())
            yield return $"names={PythonTuple(tensor.names.Select(name => name is null ? "None" : $"'{name}'"))}";
    }

    /// <summary>A tuple as Python writes it: <c>(6, 4)</c>, <c>(6,)</c>, <c>()</c>.</summary>
    internal static string PythonTuple<T>(IEnumerable<T> items)
    {
        var texts = items.Select(item => $"{item}").ToArray();
        return texts.Length == 1 ? $"({texts[0]},)" : $"({string.Join(", ", texts)})";
    }
}
