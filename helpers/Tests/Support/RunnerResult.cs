namespace GptEmbeddings.Tests;

/// <summary>What the runner gave back.</summary>
internal sealed record RunnerResult(int ExitCode, string Output, string Errors);
