using System.Text;
using System.Text.Json;

namespace GptEmbeddings.NotebookRunner.Comparison;

/// <summary>The JSON in HTML that charts and explorers are drawn from.</summary>
internal static class Figures
{
    /// <summary>How far two numbers of a chart may be apart, as a share of the largest of their own array.</summary>
    public const double Share = 1e-4;

    /// <summary>The JSON value that begins there, and its length; null where none does.</summary>
    public static (JsonElement Value, int Length)? Read(string html, int start)
    {
        var bytes = Encoding.UTF8.GetBytes(html[start..]);
        var reader = new Utf8JsonReader(bytes);
        var strings = reader;
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            // Only who reads a string learns that it holds half a surrogate pair.
            while (strings.BytesConsumed < reader.BytesConsumed && strings.Read())
                if (strings.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) _ = strings.GetString();
            return (document.RootElement.Clone(), Encoding.UTF8.GetCharCount(bytes, 0, (int)reader.BytesConsumed));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A line for each difference: where it is, saved and now.</summary>
    public static IEnumerable<string> Differences(JsonElement saved, JsonElement now) => Compare(saved, now, "", null);

    /// <summary>Whether two numbers are within a distance of each other, their own rounding aside.</summary>
    public static bool Near(double a, double b, double distance) => a == b || Math.Abs(a - b) <= distance * (1 + 1e-9);

    // An array of arrays is one: a chart's noise is small beside the whole of it.
    private static IEnumerable<string> Compare(JsonElement saved, JsonElement now, string place, double? largest)
    {
        if (saved.ValueKind != now.ValueKind) return [Told(saved, now, place)];
        switch (saved.ValueKind)
        {
            case JsonValueKind.Object:
                var (a, b) = (saved.EnumerateObject().ToList(), now.EnumerateObject().ToList());
                if (!a.Select(member => member.Name).SequenceEqual(b.Select(member => member.Name)))
                    return [$"{place}: {Names(a)} saved, {Names(b)} now"];
                return a.Zip(b, (one, other) => Compare(one.Value, other.Value, $"{place}.{one.Name}", null))
                    .SelectMany(differences => differences);
            case JsonValueKind.Array:
                if (saved.GetArrayLength() != now.GetArrayLength())
                    return [$"{place}: {saved.GetArrayLength()} elements saved, {now.GetArrayLength()} now"];
                var most = largest ?? Math.Max(Largest(saved), Largest(now));
                return saved.EnumerateArray().Zip(now.EnumerateArray()).Index().SelectMany(
                    pair => Compare(pair.Item.First, pair.Item.Second, $"{place}[{pair.Index}]", most));
            case JsonValueKind.Number:
                return Agree(saved, now, largest) ? [] : [Told(saved, now, place)];
            case JsonValueKind.String:
                return PrintedText.Differences(saved.GetString()!, now.GetString()!, tellsChart: true) is { Count: 0 }
                    ? [] : [Told(saved, now, place)];
            default:
                return [];
        }
    }

    private static bool Agree(JsonElement saved, JsonElement now, double? largest)
    {
        var (a, b) = (saved.GetDouble(), now.GetDouble());
        var distance = IsWhole(saved) && IsWhole(now) ? 0 : Share * (largest ?? Math.Max(Math.Abs(a), Math.Abs(b)));
        return Near(a, b, distance);
    }

    private static bool IsWhole(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    private static double Largest(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => Math.Abs(element.GetDouble()),
        JsonValueKind.Array => element.EnumerateArray().Select(Largest).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static string Told(JsonElement saved, JsonElement now, string place) =>
        $"{place}: {Short(saved)} saved, {Short(now)} now";

    private static string Short(JsonElement element) =>
        element.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : element.GetRawText();

    private static string Names(IEnumerable<JsonProperty> members) =>
        string.Join(", ", members.Select(member => member.Name));
}
