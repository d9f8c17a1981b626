using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using BigGustave;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>
/// Makes a PNG of full color into one with a palette, a half to a third of its size: charts and explorers have few
/// colors. As in https://www.w3.org/TR/png/.
/// </summary>
internal static class IndexedPng
{
    // A surface has more than the two thousandth part of all pixels.
    private const int LeastSurface = 2000;

    private static readonly int[] _colors = [256, 128, 64, 16];

    /// <summary>Gives the smaller PNG. Where it has more than 256 colors, near ones become one; where it has more bytes
    /// than it should, more of them, down to 16 colors.</summary>
    public static byte[] Of(byte[] png, int mostBytes)
    {
        var full = Png.Open(png);
        int[] pixels = [.. Enumerable.Range(0, full.Width * full.Height)
            .Select(i => full.GetPixel(i % full.Width, i / full.Width))
            .Select(pixel => pixel.R << 16 | pixel.G << 8 | pixel.B)];
        var byFrequency = pixels.CountBy(color => color)
            .OrderByDescending(color => (color.Value, color.Key)).ToList();
        var pictures = _colors.Select(most => Write(full.Width, pixels, byFrequency, most));
        return pictures.FirstOrDefault(picture => picture.Length <= mostBytes) ?? pictures.Last();
    }

    private static byte[] Write(int width, int[] pixels, List<KeyValuePair<int, int>> byFrequency, int most)
    {
        var palette = Palette(byFrequency, pixels.Length, most);
        var places = byFrequency.ToDictionary(color => color.Key,
            color => (byte)palette.Index().MinBy(entry => Distance(entry.Item, color.Key)).Index);

        using var rows = new MemoryStream();
        using (var zip = new ZLibStream(rows, CompressionLevel.SmallestSize, leaveOpen: true))
            foreach (var row in pixels.Chunk(width)) zip.Write([0, .. row.Select(color => places[color])]);

        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n\u001a\n"u8]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), pixels.Length / width);
        (header[8], header[9]) = (8, 3);
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "PLTE",
            [.. palette.SelectMany(color => new[] { (byte)(color >> 16), (byte)(color >> 8), (byte)color })]);
        WriteChunk(file, "IDAT", rows.ToArray());
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    // A color that fills a surface tells something and stays exactly as it is. The others, mostly the edges of letters
    // and lines, are grouped with their neighbors, as many as there is room for, and the most frequent stands for them.
    private static List<int> Palette(List<KeyValuePair<int, int>> byFrequency, int pixels, int mostColors)
    {
        var surfaces = byFrequency.TakeWhile(color => color.Value > pixels / LeastSurface).Take(mostColors * 3 / 4)
            .Select(color => color.Key).ToList();
        var others = byFrequency.Skip(surfaces.Count).Select(color => color.Key).ToList();
        var groups = Enumerable.Range(1, 256)
            .Select(step => others.DistinctBy(color =>
                (color >> 16) / step << 16 | (color >> 8 & 255) / step << 8 | (color & 255) / step).ToList())
            .First(groups => groups.Count <= mostColors - surfaces.Count);
        return [.. surfaces, .. groups];
    }

    private static int Distance(int a, int b)
    {
        var (red, green, blue) = ((a >> 16) - (b >> 16), (a >> 8 & 255) - (b >> 8 & 255), (a & 255) - (b & 255));
        return red * red + green * green + blue * blue;
    }

    private static void WriteChunk(Stream file, string type, byte[] data)
    {
        byte[] checkedPart = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(checkedPart));
        file.Write(number);
    }

    private static uint Checksum(byte[] data)
    {
        var sum = uint.MaxValue;
        foreach (var part in data)
        {
            sum ^= part;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB88320;
        }

        return ~sum;
    }
}
