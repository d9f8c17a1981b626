using GptEmbeddings.NotebookRunner.Pictures;

namespace GptEmbeddings.Tests;

internal static class ChromiumPageExtensions
{
    /// <summary>Waits until no chart shows its sentence any more.</summary>
    public static Task Drawn(this ChromiumPage page) => page.Evaluate("""
        (async () => {
          const waiting = () => document.querySelector('[data-chart] > p');
          for (let i = 0; i < 600 && waiting(); i++) await new Promise(done => setTimeout(done, 50));
          if (waiting()) throw new Error('not drawn: ' + waiting().textContent);
        })()
        """);

    /// <summary>
    /// What the console of the page holds: errors and warnings, of the page and of the browser, but for what it says of
    /// its own drawing: WebGL without a graphics card is slow.
    /// </summary>
    public static IEnumerable<string> Complaints(this ChromiumPage page) =>
        page.Events.Where(happened => happened.Name switch
        {
            "Runtime.exceptionThrown" => true,
            "Log.entryAdded" => happened.Facts["entry"]!["level"]!.GetValue<string>() is "error" or "warning" && happened.Facts["entry"]!["source"]!.GetValue<string>() != "rendering",
            "Runtime.consoleAPICalled" => happened.Facts["type"]!.GetValue<string>() is "error" or "warning" or "assert",
            _ => false,
        }).Select(happened => happened.Facts.ToJsonString());

    /// <summary>The addresses of all that the page asked for, without what lies in the page itself.</summary>
    public static IEnumerable<string> Requests(this ChromiumPage page) =>
        page.Events.Where(happened => happened.Name == "Network.requestWillBeSent")
            .Select(happened => happened.Facts["request"]!["url"]!.GetValue<string>())
            .Where(url => !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal));
}
