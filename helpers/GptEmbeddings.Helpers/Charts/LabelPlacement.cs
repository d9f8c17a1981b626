namespace GptEmbeddings;

/// <summary>Chooses for each point of a scatter chart the side on which its label covers the least.</summary>
internal static class LabelPlacement
{
    // Plotly's names for the sides, best first, and the direction of each.
    private static readonly (string Name, int X, int Y)[] _sides =
    [
        ("top center", 0, -1), ("bottom center", 0, 1), ("middle right", 1, 0), ("middle left", -1, 0),
        ("top right", 1, -1), ("bottom right", 1, 1), ("top left", -1, -1), ("bottom left", -1, 1),
    ];

    /// <summary>Chooses greedily, in the order of the points, which are in pixels.</summary>
    public static string[] Choose(IReadOnlyList<(double X, double Y)> points, IReadOnlyList<string> labels)
    {
        const double marker = 12, letter = 7, line = 15;
        // Whole pixels add up exactly: where two sides are as good, the last bits of a processor do not decide.
        var pixels = points.Select(point => (X: Math.Round(point.X), Y: Math.Round(point.Y))).ToArray();
        var taken = pixels.Select(point => new Box(point.X, point.Y, marker, marker)).ToList();
        return [.. pixels.Select((point, i) =>
        {
            var width = labels[i].Length * letter;
            Box Beside((string, int X, int Y) side) => new(
                point.X + side.X * (marker + width) / 2, point.Y + side.Y * (marker + line) / 2, width, line);
            var best = _sides.MinBy(side => taken.Sum(Beside(side).Overlap));
            taken.Add(Beside(best));
            return best.Name;
        })];
    }

    /// <summary>A rectangle around its center.</summary>
    private readonly record struct Box(double X, double Y, double Width, double Height)
    {
        public double Overlap(Box other) =>
            Math.Max(0, (Width + other.Width) / 2 - Math.Abs(X - other.X))
            * Math.Max(0, (Height + other.Height) / 2 - Math.Abs(Y - other.Y));
    }
}
