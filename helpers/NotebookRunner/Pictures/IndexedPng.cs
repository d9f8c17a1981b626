using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>
/// Makes a PNG of full color (8 bits a channel, not interlaced) into one with a palette, a half to a third of its size:
/// charts and explorers have few colors. As in https://www.w3.org/TR/png/.
/// </summary>
internal static class IndexedPng
{
    // A surface has more than the two thousandth part of all pixels.
    private const int LeastSurface = 2000;

    private static readonly int[] _colors = [256, 128, 64, 16];
    private static readonly byte[] _signature = [0x89, .. "PNG\r\n\u001a\n"u8];

    /// <summary>Gives the smaller PNG. Where it has more than 256 colors, near ones become one; where it is still too
    /// large, more of them.</summary>
    /// <param name="png">A PNG as Chromium writes it.</param>
    /// <param name="mostBytes">The size it should have at most; a picture of 16 colors is the smallest there
    /// is.</param>
    /// <exception cref="InvalidDataException">It is a PNG of another kind.</exception>
    public static byte[] Of(byte[] png, int mostBytes)
    {
        var (width, height, pixels) = Read(png);
        var colors = Count(pixels);
        var pictures = _colors.Select(most => Write(width, height, pixels, colors, most));
        return pictures.FirstOrDefault(picture => picture.Length <= mostBytes) ?? pictures.Last();
    }

    // Puts the color's place among all in the place of each pixel.
    private static List<(int Color, int Count)> Count(int[] pixels)
    {
        var (places, counts, last) = (new Dictionary<int, int>(), new List<(int Color, int Count)>(), -1);
        for (var i = 0; i < pixels.Length; i++)
        {
            var color = pixels[i];
            if ((last < 0 || counts[last].Color != color) && !places.TryGetValue(color, out last))
            {
                places.Add(color, last = counts.Count);
                counts.Add((color, 0));
            }

            counts[last] = (color, counts[last].Count + 1);
            pixels[i] = last;
        }

        return counts;
    }

    private static byte[] Write(int width, int height, int[] pixels, List<(int Color, int Count)> colors, int most)
    {
        var palette = Palette(colors, pixels.Length, most);
        var places = colors
            .Select(color => (byte)palette.Index().MinBy(entry => Distance(entry.Item, color.Color)).Index).ToArray();

        using var rows = new MemoryStream();
        using (var zip = new ZLibStream(rows, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[1 + width];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++) row[1 + x] = places[pixels[y * width + x]];
                zip.Write(row);
            }
        }

        using var file = new MemoryStream();
        file.Write(_signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
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
    private static List<int> Palette(List<(int Color, int Count)> colors, int pixels, int mostColors)
    {
        var byFrequency = colors.OrderByDescending(color => (color.Count, color.Color)).ToList();
        var surfaces = byFrequency.TakeWhile(color => color.Count > pixels / LeastSurface).Take(mostColors * 3 / 4)
            .Select(color => color.Color).ToList();
        var others = byFrequency.Skip(surfaces.Count).ToList();
        var groups = Enumerable.Range(1, 256)
            .Select(step => others.DistinctBy(color =>
                (color.Color >> 16) / step << 16 | (color.Color >> 8 & 255) / step << 8 | (color.Color & 255) / step)
                .ToList())
            .First(groups => groups.Count <= mostColors - surfaces.Count);
        return [.. surfaces, .. groups.Select(color => color.Color)];
    }

    private static int Distance(int a, int b)
    {
        var (red, green, blue) = ((a >> 16) - (b >> 16), (a >> 8 & 255) - (b >> 8 & 255), (a & 255) - (b & 255));
        return red * red + green * green + blue * blue;
    }

    private static (int Width, int Height, int[] Pixels) Read(byte[] png)
    {
        var (width, height, channels) = (0, 0, 0);
        using var rows = new MemoryStream();
        for (var start = _signature.Length; start < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(start));
            var data = png.AsSpan(start + 8, length);
            switch (Encoding.ASCII.GetString(png, start + 4, 4))
            {
                case "IHDR":
                    (width, height) =
                        (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                    channels = (data[8], data[9], data[12]) switch
                    {
                        (8, 2, 0) => 3,
                        (8, 6, 0) => 4,
                        _ => throw new InvalidDataException(
                            $"a PNG of {data[8]} bits and color type {data[9]}; expected 8 bits of full color."),
                    };
                    break;
                case "IDAT":
                    rows.Write(data);
                    break;
            }

            start += length + 12;
        }

        rows.Position = 0;
        return (width, height, Pixels(rows, width, height, channels));
    }

    private static int[] Pixels(Stream rows, int width, int height, int channels)
    {
        using var zip = new ZLibStream(rows, CompressionMode.Decompress);
        var pixels = new int[width * height];
        var (above, row) = (new byte[width * channels], new byte[width * channels]);
        for (var y = 0; y < height; y++)
        {
            var filter = zip.ReadByte();
            zip.ReadExactly(row);
            for (var i = 0; i < row.Length; i++)
            {
                var (a, b, c) =
                    (i >= channels ? row[i - channels] : 0, (int)above[i], i >= channels ? above[i - channels] : 0);
                row[i] += (byte)(filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => 0 });
            }

            for (var x = 0; x < width; x++)
                pixels[y * width + x] = row[x * channels] << 16 | row[x * channels + 1] << 8 | row[x * channels + 2];
            (above, row) = (row, above);
        }

        return pixels;
    }

    private static int Paeth(int a, int b, int c)
    {
        var (left, up, corner) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - 2 * c));
        return left <= up && left <= corner ? a : up <= corner ? b : c;
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
