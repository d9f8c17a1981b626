using System.Reflection;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>plotly.js, which draws the charts, as the package Plotly.NET carries it.</summary>
internal static class PlotlyLibrary
{
    private const string Prefix = "Plotly.NET.";

    private static readonly Assembly _package =
        Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "Plotly.NET.dll"));

    private static readonly string _resource =
        _package.GetManifestResourceNames().Single(name => name.EndsWith(".min.js", StringComparison.Ordinal));

    /// <summary>The name of the file, with its version: <c>plotly-1.2.3.min.js</c>.</summary>
    public static string FileName => _resource[Prefix.Length..];

    /// <summary>Writes the file into a folder.</summary>
    public static void CopyTo(string folder)
    {
        using var source = _package.GetManifestResourceStream(_resource)!;
        using var target = File.Create(Path.Combine(folder, FileName));
        source.CopyTo(target);
    }
}
