using PuppeteerSharp;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>An installed Chromium, Chrome or Edge, started without a window and driven by PuppeteerSharp.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] _names =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge"];

    // Nothing that asks the network by itself, and the same colors on every machine.
    private static readonly string[] _switches =
    [
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
        "--disable-gpu", "--force-color-profile=srgb",
    ];

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly IBrowser _browser;
    private readonly BrowserProfile _profile;

    private Chromium(IBrowser browser, BrowserProfile profile) => (_browser, _profile) = (browser, profile);

    /// <summary>A folder for files of the caller, which is deleted with the browser.</summary>
    public string Folder => Directory.CreateDirectory(Path.Combine(_profile.FullPath, "pages")).FullName;

    /// <summary>The path of one: what CHROME_PATH names, else on the PATH; null when there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHROME_PATH") is { Length: > 0 } path)
            return File.Exists(path) ? path : null;
        var extension = OperatingSystem.IsWindows() ? ".exe" : "";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return _names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name + extension)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Starts it. Ctrl-C in a terminal ends a browser that is just starting, of which nothing more is heard:
    /// then the cancellation ends the wait.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public static async Task<Chromium> Start(string path, CancellationToken cancellation = default)
    {
        var profile = BrowserProfile.Create();
        Launcher? launcher = null;
        var launch = Launch(path, profile, next => launcher = next, cancellation);
        try
        {
            return new(await launch.WaitAsync(cancellation), profile);
        }
        catch (OperationCanceledException)
        {
            if (await Task.WhenAny(launch, Task.Delay(_patience, CancellationToken.None)) == launch
                && launch.IsCompletedSuccessfully) await new Chromium(await launch, profile).DisposeAsync();
            else
            {
                // One that has yet to start would write to the folder after that is gone.
                if (launcher?.Process is { HasExited: false } starting)
                    starting.Process.Kill(entireProcessTree: true);
                profile.Dispose();
            }

            throw;
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            profile.Dispose();
            throw new IOException($"{path} does not start: {problem.Message}", problem);
        }
    }

    /// <summary>Opens an empty page, in a window of its own: Chromium draws no page behind another.</summary>
    public async Task<IPage> OpenPage() => await _browser.NewPageAsync(new() { Type = CreatePageType.Window });

    public async ValueTask DisposeAsync()
    {
        try
        {
            // In good order it deletes what it has in the temporary folder.
            await _browser.CloseAsync().WaitAsync(_patience);
        }
        catch (Exception problem) when (problem is PuppeteerException or TimeoutException)
        {
            _browser.Process?.Kill(entireProcessTree: true);
        }

        _profile.Dispose();
    }

    // Its sandbox refuses to work for root and in many containers. It guards little here: the code whose outputs are
    // drawn has just run without one.
    private static async Task<IBrowser> Launch(
        string path, BrowserProfile profile, Action<Launcher> starting, CancellationToken cancellation)
    {
        var isRoot = OperatingSystem.IsLinux() && Environment.UserName == "root";
        try
        {
            return await With(sandbox: !isRoot);
        }
        catch (PuppeteerException) when (OperatingSystem.IsLinux() && !isRoot && !cancellation.IsCancellationRequested)
        {
            return await With(sandbox: false);
        }

        // A launcher launches once. One that finds its browser ended may wait minutes for an answer.
        async Task<IBrowser> With(bool sandbox)
        {
            var launcher = new Launcher();
            starting(launcher);
            var launch = launcher.LaunchAsync(Options(path, profile, sandbox));
            if (launcher.Process is { } process
                && await Task.WhenAny(launch, process.WaitForExitAsync(timeout: null)) != launch
                && await Task.WhenAny(launch, Task.Delay(_patience, cancellation)) != launch)
                throw new ProcessException("it ended at once.");
            return await launch;
        }
    }

    // Over a pipe, which ends with this process however that ends, and Chromium with it.
    private static LaunchOptions Options(string path, BrowserProfile profile, bool sandbox)
    {
        var options = new LaunchOptions
        {
            ExecutablePath = path,
            Pipe = true,
            UserDataDir = profile.FullPath,
            Args = sandbox ? _switches : [.. _switches, "--no-sandbox"],
            DefaultViewport = null,
        };
        // Else it leaves folders of its own in the home folder.
        options.Env["XDG_CONFIG_HOME"] = options.Env["XDG_CACHE_HOME"] = profile.FullPath;
        if (profile.HoldsTemporaryFiles) options.Env["TMPDIR"] = profile.FullPath;
        return options;
    }
}
