using System.Diagnostics;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Pictures;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>A runner that is ended while it paints charts, in a process of its own with a temporary folder of its
/// own.</summary>
public sealed class PaintingEndsTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly NotebookFolder _folder = new();
    private readonly string _temporary;

    public PaintingEndsTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses signals, setsid and /proc.");
        Assert.SkipWhen(Chromium.Find() is null, "There is no Chromium on the PATH and none in CHROME_PATH.");
        _temporary = Directory.CreateDirectory(_folder.PathOf("tmp")).FullName;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Ctrl_C_while_charts_are_painted_stops_saves_nothing_and_leaves_nothing_behind() =>
        // In a terminal it reaches every process of the group.
        StopsAtOnce("INT", toAll: true);

    [Fact]
    public async Task Ctrl_C_while_the_browser_starts_is_not_kept_waiting_by_it()
    {
        var path = Write(charts: 1);
        using var runner = Start(path);
        await Until(() => runner.HasExited || Left().Length > 0);
        Send("INT", -runner.Id);
        var result = await RunnerProcess.Result(runner).WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal(Runner.Stopped, result.ExitCode);
        await Until(() => Processes().Length == 0 && Left().Length == 0);
    }

    [Theory(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    [InlineData("INT")]
    [InlineData("TERM")]
    public Task So_does_a_signal_to_the_runner_alone(string signal) => StopsAtOnce(signal, toAll: false);

    [Fact]
    public async Task What_a_killed_runner_leaves_behind_the_next_one_deletes()
    {
        var path = Write(charts: 20);
        using var runner = await StartPainting(path);
        Send("KILL", runner.Id);
        await RunnerProcess.Result(runner);
        await Until(() => Processes().Length == 0);
        Assert.Single(Left());

        using var next = Start(Write(charts: 1));
        var result = await RunnerProcess.Result(next);
        Assert.Equal("", result.Errors);
        Assert.Equal(Runner.AllWell, result.ExitCode);
        Assert.Empty(Left());
    }

    private async Task StopsAtOnce(string signal, bool toAll)
    {
        var path = Write(charts: 20);
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        using var runner = await StartPainting(path);
        Send(signal, toAll ? -runner.Id : runner.Id);
        var result = await RunnerProcess.Result(runner);
        Assert.Equal(Runner.Stopped, result.ExitCode);
        Assert.Equal("error: stopped. Files are whole; what was saved before stays saved.\n", result.Errors);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        await Until(() => Processes().Length == 0);
        Assert.Empty(Left());
    }

    private string Write(int charts) => _folder.Write(
        "a.ipynb",
        [
            "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"",
            "using GptEmbeddings;\nTutorial.Begin();",
            .. Enumerable.Range(1, charts).Select(i => $"Charts.Lines([(\"loss\", new[] {{ 1.0, {i}, 3.0 }})])"),
        ]);

    private Process Start(string path) => RunnerProcess.StartProgram(
        _folder.FullPath, "setsid",
        // Else Ctrl-C would not reach it where the tests run in the background of a shell.
        "env", "--default-signal=INT", $"TMPDIR={_temporary}",
        $"XDG_CONFIG_HOME={_temporary}/chromium-settings", $"XDG_CACHE_HOME={_temporary}/chromium-cache",
        RunnerProcess.Host, "exec", RunnerProcess.Runner, "save", path);

    private async Task<Process> StartPainting(string path)
    {
        var runner = Start(path);
        await Until(() => runner.HasExited
            || Left().Any(folder => File.Exists(Path.Combine(folder, "pages", "charts.html"))));
        Assert.False(runner.HasExited);
        return runner;
    }

    private static void Send(string signal, int id)
    {
        using var kill = Process.Start("kill", ["-s", signal, "--", $"{id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    // Of Chromium: its folder stands in the command lines of its processes.
    private string[] Processes() => [.. Directory.GetDirectories("/proc").Where(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"))
                .Contains($"{_temporary}/", StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    })];

    private string[] Left() => [.. Directory.GetDirectories(_temporary)
        .Where(folder => folder.Contains("chromium", StringComparison.OrdinalIgnoreCase))];

    private static async Task Until(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < _patience, "waited in vain");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
