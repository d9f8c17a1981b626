using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// What every notebook calls: <see cref="Begin"/> once, then <c>Show</c> or <c>Table</c> at the end of a cell. A view
/// keeps the present values; its name is the argument's own expression unless one is given.
/// </summary>
public static class Tutorial
{
    /// <summary>
    /// Makes a notebook ready: loads libtorch, seeds its random numbers so that every run draws the same ones, writes
    /// numbers with a decimal point in every language, and, inside .NET Interactive, registers the formatters for
    /// tensors and views and turns off the warning CS1701.
    /// </summary>
    /// <param name="seed">What <c>torch.manual_seed</c> is given.</param>
    /// <exception cref="TorchLoadException">libtorch cannot be loaded; the message names the remedy.</exception>
    public static void Begin(long seed = 42)
    {
        TorchRuntime.Load();
        manual_seed(seed);
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        InteractiveKernel.Prepare();
    }

    /// <summary>A tensor of any shape, as PyTorch prints it; labels name its rows: 6 of them for (6, 4).</summary>
    /// <exception cref="ArgumentException">There are more or fewer labels than rows.</exception>
    public static TensorView Show(
        Tensor tensor, IReadOnlyList<string>? rows = null,
        [CallerArgumentExpression(nameof(tensor))] string? name = null) => new(tensor, rows, name);

    /// <summary>Two or three tensors, one below the other, each under the expression that it was given as.</summary>
    public static ViewGroup Show(
        Tensor first, Tensor second, Tensor? third = null,
        [CallerArgumentExpression(nameof(first))] string? firstName = null,
        [CallerArgumentExpression(nameof(second))] string? secondName = null,
        [CallerArgumentExpression(nameof(third))] string? thirdName = null) => new([
            Show(first, null, firstName), Show(second, null, secondName),
            .. third is null ? (View[])[] : [Show(third, null, thirdName)]]);

    /// <summary>A module: an Embedding with its sizes and its table, any other with its parameters' shapes.</summary>
    /// <exception cref="ArgumentException">
    /// There are labels and the module is not an Embedding, or their number is not that of the rows.
    /// </exception>
    public static ModuleView Show(
        nn.Module module, IReadOnlyList<string>? rows = null,
        [CallerArgumentExpression(nameof(module))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(module, name);
        return new(module, rows, name);
    }

    /// <summary>A shape, as PyTorch prints it: <c>torch.Size([6, 4])</c>.</summary>
    public static ShapeView Show(long[] shape, [CallerArgumentExpression(nameof(shape))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(shape, name);
        return new(shape, name);
    }

    /// <summary>Several views at once: <c>Show(Show(ids), Show(table, rows: words), Show(table.shape))</c>.</summary>
    public static ViewGroup Show(params View[] views)
    {
        ArgumentNullException.ThrowIfNull(views);
        foreach (var view in views) ArgumentNullException.ThrowIfNull(view, nameof(views));
        return new(views);
    }

    /// <summary>Results as a table: <c>Table(["width", "spread"], widths.Select(Spread))</c>.</summary>
    /// <param name="columns">What stands above each column.</param>
    /// <param name="rows">A cell for each column; numbers as they are to be read.</param>
    /// <exception cref="ArgumentException">A row has more or fewer cells than there are columns.</exception>
    public static TableView Table(IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        return new(columns, rows);
    }
}
