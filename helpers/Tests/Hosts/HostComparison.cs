using GptEmbeddings.NotebookRunner.Comparison;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.Tests;

/// <summary>What another host made of a notebook, against what is saved in it.</summary>
internal static class HostComparison
{
    /// <summary>Compares one cell; what the kernel displays about the packages of a <c>#r</c> is left aside.</summary>
    /// <returns>Readable differences, each cell's after its label; empty when there are none.</returns>
    public static IEnumerable<string> Differences(NotebookCell cell, IEnumerable<CellOutput> outputs)
    {
        var namesPackages = cell.Source.Contains("#r \"nuget:", StringComparison.Ordinal);
        var shown = outputs.Where(output => !namesPackages || output.Type != "display_data");
        var differences = OutputComparison.Differences(new(cell, [.. shown], TimeSpan.Zero));
        return differences.Count == 0 ? [] : [cell.Label, .. differences];
    }
}
