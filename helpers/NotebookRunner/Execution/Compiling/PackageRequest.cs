namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>A line <c>#r "nuget: Package, Version"</c>.</summary>
/// <param name="Line">The line of the cell, from 1.</param>
/// <param name="Package">The name of the package.</param>
/// <param name="Version">The version, or null when none is given.</param>
internal sealed record PackageRequest(int Line, string Package, string? Version);
