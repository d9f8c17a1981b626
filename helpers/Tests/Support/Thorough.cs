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
    /// Whether the solutions that train, five seeds each, also run in the C# kernel, as apps and on other
    /// processors: with GPT_EMBEDDINGS_THOROUGH=all, before a release. In Jupyter they run with all thorough tests.
    /// </summary>
    public static bool AskedForAll => Setting == "all";

    private static string? Setting => Environment.GetEnvironmentVariable("GPT_EMBEDDINGS_THOROUGH");
}
