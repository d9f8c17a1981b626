using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>
/// A Chromium without a window, spoken to in the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/),
/// since a driver package would weigh more than all of this repository. It has a profile of its own, which is deleted at the end.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge"];

    // No window, no first steps, and nothing that asks the network by itself.
    private static readonly string[] Switches =
    [
        "--headless", "--remote-debugging-port=0", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-quic", "--disable-extensions", "--disable-dev-shm-usage",
        "--disable-gpu", "--enable-unsafe-swiftshader", "--hide-scrollbars", "--force-color-profile=srgb", "about:blank",
    ];

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _answers = new();
    private readonly ConcurrentDictionary<string, ChromiumPage> _pages = new();
    private Task _listening = Task.CompletedTask;
    private int _count;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>The path of an installed Chromium, Chrome or Edge: what CHROME_PATH names, else one on the PATH; null when there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHROME_PATH") is { Length: > 0 } path) return File.Exists(path) ? path : null;
        var extension = OperatingSystem.IsWindows() ? ".exe" : "";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name + extension))).FirstOrDefault(File.Exists);
    }

    /// <summary>Starts it.</summary>
    /// <param name="path">The program.</param>
    /// <exception cref="IOException">It does not start, or says nothing.</exception>
    public static async Task<Chromium> Start(string path)
    {
        var profile = Directory.CreateTempSubdirectory("chromium-").FullName;
        var start = new ProcessStartInfo(path) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var one in Switches.Prepend($"--user-data-dir={profile}")) start.ArgumentList.Add(one);
        // Chromium's sandbox refuses to work for root and in many containers. It would guard nothing: the code whose outputs
        // are drawn has just run without one.
        if (OperatingSystem.IsLinux()) start.ArgumentList.Insert(0, "--no-sandbox");
        var process = Process.Start(start) ?? throw new IOException($"{path} does not start.");
        var browser = new Chromium(process, profile);
        try
        {
            await browser._socket.ConnectAsync(new(await Address(process).WaitAsync(Patience)), CancellationToken.None);
            browser._listening = browser.Listen();
            return browser;
        }
        catch (Exception problem)
        {
            await browser.DisposeAsync();
            throw new IOException($"{path} does not start: {problem.Message}", problem);
        }
    }

    /// <summary>Opens an empty page.</summary>
    public async Task<ChromiumPage> OpenPage()
    {
        // In a window of its own: Chromium draws no page behind another.
        var target = (await Send("Target.createTarget", new() { ["url"] = "about:blank", ["newWindow"] = true }))["targetId"]!.GetValue<string>();
        var session = (await Send("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!.GetValue<string>();
        var page = _pages[session] = new(this, session);
        foreach (var domain in new[] { "Page", "Runtime", "Network", "Log" }) await page.Send($"{domain}.enable");
        return page;
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="IOException">The command failed, or Chromium has ended.</exception>
    internal async Task<JsonObject> Send(string method, JsonObject? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _count);
        var answer = _answers[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null) command["sessionId"] = session;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, true, CancellationToken.None);
        }
        catch (Exception problem) when (problem is WebSocketException or InvalidOperationException)
        {
            throw new IOException($"Chromium has ended: {problem.Message}", problem);
        }
        finally
        {
            _sending.Release();
        }

        var message = await answer.Task.WaitAsync(Patience);
        return message["error"] is { } error ? throw new IOException($"Chromium: {method}: {error["message"]}") : (JsonObject)message["result"]!;
    }

    /// <summary>Ends it and deletes its profile.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _listening;
        _socket.Dispose();
        _sending.Dispose();
        // A child of it may still write for a moment.
        for (var attempt = 1; Directory.Exists(_profile); attempt++)
            try
            {
                Directory.Delete(_profile, recursive: true);
            }
            catch (IOException) when (attempt < 20)
            {
                await Task.Delay(100);
            }
    }

    private static async Task<string> Address(Process process)
    {
        const string Announcement = "DevTools listening on ";
        var said = new StringBuilder();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            said.Append('\n').Append(line);
            if (!line.StartsWith(Announcement, StringComparison.Ordinal)) continue;
            // Full pipes would stop it.
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return line[Announcement.Length..];
        }

        throw new IOException($"it ended at once.{said}");
    }

    private async Task Listen()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: WebSocketMessageType.Text } part)
            {
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                Dispatch((JsonObject)JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                message.SetLength(0);
            }
        }
        catch (WebSocketException)
        {
            // It has ended; whoever waits is told below.
        }

        foreach (var answer in _answers.Values) answer.TrySetException(new IOException("Chromium has ended."));
    }

    private void Dispatch(JsonObject message)
    {
        if (message["id"] is { } id)
        {
            if (_answers.TryRemove(id.GetValue<int>(), out var answer)) answer.SetResult(message);
        }
        else if (message["sessionId"] is { } session && _pages.TryGetValue(session.GetValue<string>(), out var page))
            page.Hear(message["method"]!.GetValue<string>(), message["params"] as JsonObject ?? []);
    }
}
