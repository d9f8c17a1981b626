using GptEmbeddings.NotebookRunner.Pictures;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The pictures of charts have few colors.</summary>
public sealed class IndexedPngTests(ReadingRoom room)
{
    [Fact]
    public async Task A_picture_with_a_palette_shows_what_the_one_with_all_colors_shows()
    {
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Drawn();
        var original = await page.Picture(1280, 1600);
        foreach (var (most, farthest) in new[] { (int.MaxValue, 24), (1, 128) })
        {
            var indexed = IndexedPng.Of(original, most);
            Assert.True(indexed.Length < original.Length);
            var difference = await page.Evaluate($$"""
                (async () => {
                  const pixels = async data => {
                    const image = new Image();
                    image.src = 'data:image/png;base64,' + data;
                    await image.decode();
                    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext('2d');
                    canvas.drawImage(image, 0, 0);
                    return canvas.getImageData(0, 0, image.naturalWidth, image.naturalHeight).data;
                  };
                  const a = await pixels('{{Convert.ToBase64String(original)}}');
                  const b = await pixels('{{Convert.ToBase64String(indexed)}}');
                  return a.length === b.length
                    ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
                    : 'sizes differ';
                })()
                """);
            Assert.InRange(difference!.GetValue<int>(), 1, farthest);
        }
    }
}
