namespace GptEmbeddings.Tests;

/// <summary>
/// Tests that take minutes wait for <c>.ci/run</c>, which asks for them. Elsewhere they are skipped with this reason:
/// <c>[Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]</c>.
/// </summary>
public static class Thorough
{
    public const string Reason = "takes minutes: .ci/run asks for it with GPT_EMBEDDINGS_THOROUGH=1";

    public static bool Asked => Setting == "1" || AskedForAll;

    /// <summary>
    /// Whether lessons 6 and 7 and the solutions that train also run in the C# kernel, as apps, on other processors
    /// and in Jupyter: with GPT_EMBEDDINGS_THOROUGH=all, before a release. Lesson 6 runs in Jupyter with all thorough
    /// tests.
    /// </summary>
    public static bool AskedForAll => Setting == "all";

    private static string? Setting => Environment.GetEnvironmentVariable("GPT_EMBEDDINGS_THOROUGH");
}
