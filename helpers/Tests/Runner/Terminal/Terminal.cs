using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The runner in a terminal of a given width, which util-linux's <c>script</c> plays.</summary>
internal static class Terminal
{
    /// <summary>Runs it and gives all that reaches the terminal. Ctrl-C reaches it also where the tests run in the
    /// background of a shell, which lets no program there hear of it.</summary>
    public static async Task<RunnerResult> Run(
        string folder, int width, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "Uses util-linux's script.");
        string[] command = [RunnerProcess.Host, "exec", RunnerProcess.Runner, .. arguments];
        var quoted = string.Join(' ', command.Select(word => $"'{word}'"));
        string[] variables =
            ["TERM=xterm-256color", "PAGER=", .. environment.Select(one => $"{one.Key}={one.Value}")];
        using var script = RunnerProcess.StartProgram(folder, "env",
            ["-u", "NO_COLOR", "--default-signal=INT,HUP", .. variables, "script", "-qec",
                $"stty cols {width} rows 24 && {quoted}", "/dev/null"]);
        return await RunnerProcess.Result(script);
    }
}
