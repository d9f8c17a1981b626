using System.Globalization;
using System.Text.RegularExpressions;

namespace GptEmbeddings.Tests;

/// <summary>Reads the numbers that a notebook printed.</summary>
internal static partial class PrintedNumbers
{
    internal static double[] Numbers(string text) => [.. Number().Matches(text).Select(match => double.Parse(
        match.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];

    /// <summary>The same, with the decimals that each is written with (<see cref="decimal.Scale"/>).</summary>
    internal static decimal[] Figures(string text) => [.. Number().Matches(text).Select(match => decimal.Parse(
        match.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"(?<![\w.])-?\d[\d,]*(\.\d+)?(e[+-]\d+)?(?![\w])")]
    private static partial Regex Number();
}
