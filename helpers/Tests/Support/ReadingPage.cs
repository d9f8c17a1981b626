using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
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
    public async Task Show(int width, int height = 900, bool dark = false, bool still = false)
    {
        await _page.SetViewportAsync(new() { Width = width, Height = height });
        await _page.EmulateMediaFeaturesAsync(
        [
            new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" },
            new()
            {
                MediaFeature = MediaFeature.PrefersReducedMotion,
                Value = still ? "reduce" : "no-preference",
            },
        ]);
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

    /// <summary>Clicks there with the mouse.</summary>
    public Task Click(double x, double y) => _page.Mouse.ClickAsync((decimal)x, (decimal)y);

    /// <summary>Presses the mouse at one point and lets it go at another.</summary>
    public async Task Drag((double X, double Y) from, (double X, double Y) to)
    {
        await Point(from.X, from.Y);
        await _page.Mouse.DownAsync();
        await _page.Mouse.MoveAsync((decimal)to.X, (decimal)to.Y, new() { Steps = 5 });
        await _page.Mouse.UpAsync();
    }

    /// <summary>Taps there with a finger.</summary>
    public Task Tap(double x, double y) => _page.Touchscreen.TapAsync((decimal)x, (decimal)y);

    /// <summary>Puts a finger down at one point, moves it and lifts it at another.</summary>
    public async Task Swipe((double X, double Y) from, (double X, double Y) to)
    {
        await _page.Touchscreen.TouchStartAsync((decimal)from.X, (decimal)from.Y);
        for (var step = 1; step <= 5; step++)
            await _page.Touchscreen.TouchMoveAsync(
                (decimal)(from.X + (to.X - from.X) * step / 5), (decimal)(from.Y + (to.Y - from.Y) * step / 5));
        await _page.Touchscreen.TouchEndAsync();
    }

    /// <summary>Presses a key, such as <c>ArrowLeft</c>.</summary>
    public Task Press(string key) => _page.Keyboard.PressAsync(key);

    /// <summary>Scrolls an element into sight and gives its rectangle.</summary>
    public async Task<(double X, double Y, double Width, double Height)> Place(string selector)
    {
        var place = (JsonArray)(await Evaluate($$"""
            (() => {
              const element = document.querySelector({{JsonSerializer.Serialize(selector)}});
              element.scrollIntoView({ block: 'center' });
              const box = element.getBoundingClientRect();
              return [box.left, box.top, box.width, box.height];
            })()
            """))!;
        var numbers = place.Select(number => number!.GetValue<double>()).ToArray();
        return (numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /// <summary>What axe-core finds that hinders readers with a disability, in this element.</summary>
    public async Task<IReadOnlyList<string>> Barriers(string selector)
    {
        await Run(new BundledAxeScriptProvider().GetScript());
        var found = await Evaluate($$"""
            axe.run({{JsonSerializer.Serialize(selector)}}, { preload: false }).then(found => found.violations.map(
              rule => `${rule.id}: ${rule.help}, ${rule.nodes[0].html} ${rule.nodes[0].failureSummary}`))
            """);
        return [.. ((JsonArray)found!).Select(barrier => barrier!.ToString())];
    }

    /// <summary>Types a text where the focus is.</summary>
    public Task Type(string text) => _page.Keyboard.TypeAsync(text);

    /// <summary>Puts a finger on the middle of an element and draws it up by 200 pixels.</summary>
    public async Task Swipe(string selector)
    {
        var (x, y, width, height) = await Place(selector);
        await Swipe((x + width / 2, y + height / 2), (x + width / 2, y + height / 2 - 200));
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

    /// <summary>Waits until no chart and no explorer that is not folded shows what stands for it.</summary>
    public Task Drawn() => Evaluate("""
        (async () => {
          const waiting = () => [...document.querySelectorAll('[data-chart] > p, [data-explore] > pre')]
            .find(text => text.checkVisibility());
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
