namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>A line <c>#r "nuget: Package, Version"</c>; lines count from 1, the version may be missing.</summary>
internal sealed record PackageRequest(int Line, string Package, string? Version);
