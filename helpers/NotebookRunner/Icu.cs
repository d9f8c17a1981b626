using System.Globalization;

namespace GptEmbeddings.NotebookRunner;

/// <summary>
/// ICU, by which .NET sorts, compares and normalizes text and knows cultures, as it does in the kernel.
/// </summary>
internal static class Icu
{
    /// <summary>What is said where there is none.</summary>
    public const string Missing = "note: .NET runs without ICU here (none is installed, or "
        + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT is set). Text is sorted and compared by code, and there are no "
        + "cultures.";

    /// <summary>C# that is true where there is none: no language puts B before a.</summary>
    public const string IsMissingInCSharp = """string.Compare("a", "B", StringComparison.InvariantCulture) > 0""";

    public static bool IsMissing => CultureInfo.InvariantCulture.CompareInfo.Compare("a", "B") > 0;
}
