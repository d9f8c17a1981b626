using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Tests that redirect the Console and change the current folder, which belong to the whole process.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class WholeProcess;
