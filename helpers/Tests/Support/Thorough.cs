namespace GptEmbeddings.Tests;

/// <summary>
/// Tests that take minutes wait for <c>.ci/run</c>, which asks for them. Elsewhere they are skipped with this reason:
/// <c>[Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]</c>.
/// </summary>
public static class Thorough
{
    public const string Reason = "takes minutes: .ci/run asks for it with GPT_EMBEDDINGS_THOROUGH=1";

    public static bool Asked => Environment.GetEnvironmentVariable("GPT_EMBEDDINGS_THOROUGH") == "1";
}
