namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>A line <c>#r "nuget: Package, Version"</c> of a cell, from 1; perhaps without a version.</summary>
internal sealed record PackageRequest(int Line, string Package, string? Version);
