using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// The directions in which the rows of a table differ most, the strongest first: the eigenvectors of their covariance,
/// computed in float64. The sign of a direction is arbitrary; here its largest number is positive, so that charts do
/// not flip.
/// </summary>
public sealed class PrincipalComponents
{
    /// <summary>Computes them.</summary>
    /// <param name="rows">The table: (N, C), of at least two rows, of any real dtype.</param>
    /// <exception cref="ArgumentException">The table is not 2-d or has less than two rows.</exception>
    public PrincipalComponents(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() != 2 || rows.shape[0] < 2)
            throw new ArgumentException(
                "Principal components need the rows of a table, at least two, and the shape is "
                + $"({string.Join(", ", rows.shape)}).",
                nameof(rows));

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var centered = rows.to(float64, copy: true);
        var mean = centered.mean([0]);
        centered.sub_(mean);
        var (variances, vectors) = linalg.eigh(centered.T.mm(centered));
        var directions = vectors.flip(1);
        var largest = directions.gather(0, directions.abs().argmax(0, keepdim: true));

        Shares = [.. (variances.flip(0) / variances.sum()).data<double>()];
        Mean = mean.MoveToOuterDisposeScope();
        Directions = (directions * largest.sign()).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the rows: (C), float64.</summary>
    public Tensor Mean { get; }

    /// <summary>The directions, one in each column, of length 1 and at right angles: (C, C), float64.</summary>
    public Tensor Directions { get; }

    /// <summary>The part of the rows' variance along each direction: C numbers, which sum to 1.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>Gives the coordinates of rows along the strongest directions, from their mean.</summary>
    /// <param name="rows">The rows: (N, C), of any real dtype.</param>
    /// <param name="count">How many directions.</param>
    /// <returns>The coordinates: (N, count), float64.</returns>
    public Tensor Project(Tensor rows, int count)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var _ = no_grad();
        using var centered = rows.to(float64) - Mean;
        return centered.mm(Directions[.., ..count]);
    }
}
