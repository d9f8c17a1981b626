using System.Text.RegularExpressions;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The runner in a terminal of a given width, which util-linux's <c>script</c> plays.</summary>
internal static partial class Terminal
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

    /// <summary>The lines as they stand at the end, without colors and links.</summary>
    public static IEnumerable<string> Lines(string output) =>
        Codes().Replace(output, "").Split('\n').Select(line => line.TrimEnd('\r').Split('\r')[^1]);

    /// <summary>How many columns a line takes: letters of East Asia two each.</summary>
    public static int Columns(string line) => line.EnumerateRunes().Sum(rune =>
        rune.Value is >= 0x1100 and < 0x115F or >= 0x2E80 and < 0xD7FF or >= 0xF900 and < 0xFAFF or >= 0x1F300 ? 2 : 1);

    [GeneratedRegex(@"\u001b(\[[0-9;?]*[A-Za-z]|\]8;[^\u001b]*\u001b\\|[=>])")]
    private static partial Regex Codes();
}
