using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>A page in <see cref="Chromium"/>.</summary>
internal sealed class ChromiumPage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Chromium _browser;
    private readonly string _session;
    private readonly ConcurrentQueue<(string Name, JsonObject Facts)> _events = new();
    private volatile TaskCompletionSource _loaded = new();

    internal ChromiumPage(Chromium browser, string session) => (_browser, _session) = (browser, session);

    /// <summary>What happened in the page since it was opened, in order: the protocol's name and facts.</summary>
    public IEnumerable<(string Name, JsonObject Facts)> Events => _events;

    /// <summary>Sends a command of the protocol.</summary>
    public Task<JsonObject> Send(string method, JsonObject? parameters = null) => _browser.Send(method, parameters, _session);

    /// <summary>Sets what the page can see of its reader.</summary>
    /// <param name="width">Width of the window, in CSS pixels.</param>
    /// <param name="height">Height of the window, in CSS pixels.</param>
    /// <param name="scale">Pixels of the screen for each of CSS.</param>
    /// <param name="dark">Whether the reader prefers a dark page.</param>
    public async Task Show(int width, int height, double scale = 1, bool dark = false)
    {
        await Send("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = scale, ["mobile"] = false });
        await Send("Emulation.setEmulatedMedia", new()
        {
            ["features"] = new JsonArray(
                new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" },
                new JsonObject { ["name"] = "hover", ["value"] = "hover" }),
        });
    }

    /// <summary>Goes to an address and waits until all of it is loaded.</summary>
    /// <exception cref="IOException">There is no such page.</exception>
    public async Task Go(Uri address)
    {
        _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = await Send("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        if (answer["errorText"] is { } error) throw new IOException($"{address}: {error}");
        await _loaded.Task.WaitAsync(Patience);
    }

    /// <summary>Runs a script, waits for it if it is a promise, and gives its value as JSON.</summary>
    /// <exception cref="IOException">The script throws.</exception>
    public async Task<JsonNode?> Evaluate(string script)
    {
        var answer = await Send("Runtime.evaluate", new() { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true });
        if (answer["exceptionDetails"] is { } problem) throw new IOException($"The page's script: {problem["exception"]?["description"] ?? problem["text"]}");
        return answer["result"]?["value"];
    }

    /// <summary>Gives a PNG of a part of the page.</summary>
    /// <param name="x">Left, in CSS pixels from the page's own left.</param>
    /// <param name="y">Top, in CSS pixels from the page's own top.</param>
    /// <param name="width">Width, in CSS pixels.</param>
    /// <param name="height">Height, in CSS pixels.</param>
    public async Task<byte[]> Picture(double x, double y, double width, double height) =>
        Convert.FromBase64String((await Send("Page.captureScreenshot", new()
        {
            ["format"] = "png",
            ["captureBeyondViewport"] = true,
            ["clip"] = new JsonObject { ["x"] = x, ["y"] = y, ["width"] = width, ["height"] = height, ["scale"] = 1 },
        }))["data"]!.GetValue<string>());

    internal void Hear(string name, JsonObject facts)
    {
        _events.Enqueue((name, facts));
        if (name == "Page.loadEventFired") _loaded.TrySetResult();
    }
}
