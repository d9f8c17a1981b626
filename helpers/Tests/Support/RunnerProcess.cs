using System.Diagnostics;
using System.Text;
using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The runner in a process of its own.</summary>
internal static class RunnerProcess
{
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static string Runner { get; } = Path.Combine(AppContext.BaseDirectory, "NotebookRunner.dll");

    /// <summary>Starts the runner.</summary>
    public static Process Start(string folder, params string[] arguments) =>
        StartProgram(folder, Host, ["exec", Runner, .. arguments]);

    /// <summary>Starts the runner so that Ctrl-C and a closed terminal reach it, though the tests run in the background
    /// of a shell or under nohup, which let no program there hear of them.</summary>
    public static Process StartListening(string folder, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) return Start(folder, arguments);
        var process = StartProgram(folder, "env", ["--default-signal=INT,HUP", Host, "exec", Runner, .. arguments]);
        // Until env has become the runner, a signal may still be lost.
        while (!process.HasExited && File.ReadAllText($"/proc/{process.Id}/comm") == "env\n") Thread.Sleep(1);
        return process;
    }

    /// <summary>Starts the runner with more settings in its environment.</summary>
    public static Process Start(
        string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = Prepare(folder, Host, ["exec", Runner, .. arguments]);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Starts any program, its output to be read.</summary>
    public static Process StartProgram(string folder, string program, params string[] arguments) =>
        Process.Start(Prepare(folder, program, arguments))!;

    /// <summary>Runs a shell script that mounts file systems of its own and calls the runner as <c>"$@"</c>.</summary>
    public static async Task<RunnerResult> InMountNamespace(string folder, string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has mount namespaces.");
        try
        {
            using var process = StartProgram(
                folder, "unshare", "--mount", "--map-root-user", "/bin/sh", "-c", script, "sh", Host, "exec", Runner);
            var result = await Result(process);
            Assert.SkipUnless(
                result.Output.Contains("exit code", StringComparison.Ordinal),
                $"No file system of its own can be mounted here: {result.Errors}");
            return result;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no unshare.");
            throw;
        }
    }

    /// <summary>Waits for the end. That a machine has no ICU is no error of a test.</summary>
    public static async Task<RunnerResult> Result(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, (await output).ReplaceLineEndings("\n"),
            (await errors).ReplaceLineEndings("\n").Replace($"{Icu.Missing}\n", "", StringComparison.Ordinal));
    }

    private static ProcessStartInfo Prepare(string folder, string program, string[] arguments)
    {
        return new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
    }
}
