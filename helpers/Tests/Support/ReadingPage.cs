using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace GptEmbeddings.Tests;

/// <summary>A page in the <see cref="ReadingRoom"/>: without a network, and with a memory of what happened in
/// it.</summary>
internal sealed class ReadingPage
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Dictionary<string, Func<Task<byte[]>>> _served = [];

    private ReadingPage(IPage page) => _page = page;

    /// <summary>What the console of the page holds: errors and warnings, of the page and of the browser.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>The addresses of all that the page asked for, without what lies in the page itself.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Takes a new page.</summary>
    public static async Task<ReadingPage> Of(IPage page)
    {
        var reading = new ReadingPage(page);
        page.Console += (_, said) =>
        {
            if (said.Message.Type is ConsoleType.Error or ConsoleType.Warning or ConsoleType.Assert)
                reading._complaints.Enqueue(said.Message.Text);
        };
        page.PageError += (_, error) => reading._complaints.Enqueue($"uncaught: {error.Message}");
        page.AddRequestInterceptor(reading.Answer);
        await page.SetRequestInterceptionAsync(true);
        return reading;
    }

    /// <summary>Lets an address of the network have this content, as a CDN gives it.</summary>
    public void Serve(string address, Func<Task<byte[]>> content) => _served[address] = content;

    /// <summary>Sets what the page can see of its reader.</summary>
    public async Task Show(int width, int height = 900, bool dark = false)
    {
        await _page.SetViewportAsync(new() { Width = width, Height = height });
        await _page.EmulateMediaFeaturesAsync(
            [new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" }]);
    }

    /// <summary>Turns the page's own scripts off, or on again, from the next page on.</summary>
    public Task RunScripts(bool run) => _page.SetJavaScriptEnabledAsync(run);

    /// <summary>Goes to an address and waits until all of it is loaded.</summary>
    public Task Go(Uri address) => _page.GoToAsync(address.AbsoluteUri);

    /// <summary>Runs a script for what it does.</summary>
    public Task Run(string script) => _page.EvaluateExpressionAsync(script);

    /// <summary>Runs a script, waits for it if it is a promise, and gives its value: anything but a truth
    /// value.</summary>
    public Task<JsonNode?> Evaluate(string script) => _page.EvaluateExpressionAsync<JsonNode?>(script);

    /// <summary>Runs a script, waits for it if it is a promise, and gives its value as text.</summary>
    public async Task<string> Text(string script) => (await Evaluate(script))?.ToString() ?? "";

    /// <summary>Moves the pointer.</summary>
    public Task Point(double x, double y) => _page.Mouse.MoveAsync((decimal)x, (decimal)y);

    /// <summary>Types a text where the focus is.</summary>
    public Task Type(string text) => _page.Keyboard.TypeAsync(text);

    /// <summary>Presses a key by its name, such as <c>Enter</c>.</summary>
    public Task Press(string key) => _page.Keyboard.PressAsync(key);

    /// <summary>Puts a finger on the middle of an element and draws it up by 200 pixels.</summary>
    public async Task Swipe(string selector)
    {
        var at = await Evaluate($$"""
            (() => {
              const element = document.querySelector('{{selector}}');
              element.scrollIntoView({ block: 'center' });
              const { x, y, width, height } = element.getBoundingClientRect();
              return [x + width / 2, y + height / 2];
            })()
            """);
        var (x, y) = ((decimal)at![0]!.GetValue<double>(), (decimal)at[1]!.GetValue<double>());
        await _page.Touchscreen.TouchStartAsync(x, y);
        for (var moved = 20; moved <= 200; moved += 20) await _page.Touchscreen.TouchMoveAsync(x, y - moved);
        await _page.Touchscreen.TouchEndAsync();
    }

    /// <summary>Makes the page one on a phone, where fingers point.</summary>
    public Task ShowOnPhone() =>
        _page.SetViewportAsync(new() { Width = 390, Height = 844, HasTouch = true, IsMobile = true });

    /// <summary>Shows the page as it is printed.</summary>
    public Task ShowPrinted() => _page.EmulateMediaTypeAsync(MediaType.Print);

    /// <summary>Runs a script before all of the pages that are opened from now on.</summary>
    public Task Before(string script) => _page.EvaluateExpressionOnNewDocumentAsync(script);

    /// <summary>Gives a PNG of the upper left part of the page.</summary>
    public Task<byte[]> Picture(int width, int height) =>
        _page.ScreenshotDataAsync(new()
        {
            Clip = new() { Width = width, Height = height },
            CaptureBeyondViewport = true
        });

    /// <summary>Waits until no chart that is not folded shows its sentence any more.</summary>
    public Task Drawn() => Evaluate("""
        (async () => {
          const waiting = () => [...document.querySelectorAll('[data-chart] > p')].find(text => text.checkVisibility());
          for (let i = 0; i < 1500 && waiting(); i++) await new Promise(done => setTimeout(done, 20));
          if (waiting()) throw new Error('not drawn: ' + waiting().textContent);
        })()
        """);

    /// <summary>Closes it.</summary>
    public Task Close() => _page.CloseAsync();

    private async Task Answer(IRequest request)
    {
        var url = request.Url;
        if (!url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal))
            _requests.Enqueue(url);
        if (_served.TryGetValue(url, out var content))
            await request.RespondAsync(new()
            {
                ContentType = "application/javascript",
                Headers = new() { ["Access-Control-Allow-Origin"] = "*" },
                BodyData = await content(),
            });
        else if (url.StartsWith("http", StringComparison.Ordinal)) await request.AbortAsync();
        else await request.ContinueAsync();
    }
}
