using Microsoft.CodeAnalysis.Scripting;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>A cell that is ready to run, or the reason why it is not.</summary>
/// <param name="Script">What to run; null when the cell holds nothing but directives, or does not compile.</param>
/// <param name="Failure">Why the cell cannot run, or null.</param>
internal sealed record CompiledCell(Script<object>? Script, string? Failure);
