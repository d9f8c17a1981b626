using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Tests that change or measure what the whole process shares, such as the Console. They run alone.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class WholeProcess;
