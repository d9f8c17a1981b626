using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>What the prose of the notebooks says is what their cells show. That the cells still show it, <see cref="TutorialTests"/> checks.</summary>
public sealed partial class LessonTests
{
    internal static double[] Numbers(string text) =>
        [.. Number().Matches(text).Select(match => double.Parse(match.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"(?<![\w.])-?\d[\d,]*(\.\d+)?(e[+-]\d+)?(?![\w])")]
    private static partial Regex Number();
}
