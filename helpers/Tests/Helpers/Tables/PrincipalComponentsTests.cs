using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

public sealed class PrincipalComponentsTests
{
    static PrincipalComponentsTests() => TorchRuntime.Load();

    [Fact]
    public void Points_on_a_line_have_one_component_along_it()
    {
        using var scope = NewDisposeScope();
        var line = arange(10, dtype: float64).unsqueeze(1) * tensor(new[] { -3.0, 0, 4 }) + 7;
        var components = new PrincipalComponents(line);
        Assert.Equal([1, 0, 0], components.Shares.Select(share => Math.Round(share, 9)));
        Assert.Equal([-0.6, 0, 0.8], components.Directions[.., 0].data<double>().Select(x => Math.Round(x, 9)));
        Assert.Equal(-22.5, components.Project(line, 1)[0, 0].item<double>(), 1e-9);
    }

    [Fact]
    public void All_components_together_keep_every_distance_and_share_the_variance()
    {
        using var scope = NewDisposeScope();
        var rows = randn(40, 6, dtype: float64, generator: new Generator(3));
        var components = new PrincipalComponents(rows);
        var projected = components.Project(rows, 6);
        Assert.True(cdist(rows, rows).allclose(cdist(projected, projected), atol: 1e-6));
        Assert.Equal(1, components.Shares.Sum(), 1e-12);
        Assert.Equal(components.Shares.OrderDescending(), components.Shares);
        Assert.True(projected.mean([0]).abs().max().item<double>() < 1e-12);
        var shares = projected.pow(2).sum(dim: 0) / projected.pow(2).sum();
        Assert.True(shares.allclose(tensor(components.Shares.ToArray())));
    }

    [Fact]
    public void Mirrored_rows_have_the_same_directions_so_that_charts_do_not_flip()
    {
        using var scope = NewDisposeScope();
        var rows = randn(30, 5, generator: new Generator(4));
        var (one, mirrored) = (new PrincipalComponents(rows), new PrincipalComponents(-rows));
        Assert.True(one.Directions.allclose(mirrored.Directions));
    }

    [Fact]
    public void The_rows_stay_as_they_are()
    {
        using var scope = NewDisposeScope();
        var rows = ones(3, 2, dtype: float64) + arange(3, dtype: float64).unsqueeze(1);
        var before = rows.clone();
        _ = new PrincipalComponents(rows);
        Assert.True(rows.eq(before).all().item<bool>());
    }

    [Fact]
    public void One_row_and_a_vector_are_refused()
    {
        using var scope = NewDisposeScope();
        var exception = Assert.Throws<ArgumentException>(() => new PrincipalComponents(ones(1, 3)));
        Assert.Contains("(1, 3)", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PrincipalComponents(ones(3)));
    }
}
