using System.Diagnostics;
using System.Text.Json;
using Microsoft.DotNet.Interactive.Connection;
using Microsoft.DotNet.Interactive.Events;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The kernel as Polyglot Notebooks starts it: a program that is spoken to in JSON, in VS Code's
/// language.</summary>
[Collection(typeof(WholeProcess))]
public sealed class PolyglotTests
{
    [Theory(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    [InlineData("de")]
    [InlineData("en-US")]
    public async Task A_notebook_shows_in_Polyglot_what_is_saved_whatever_the_language_of_VS_Code(string language)
    {
        using var restored = RunnerProcess.StartProgram(Repository.Root, RunnerProcess.Host, "tool", "restore");
        Assert.SkipWhen((await RunnerProcess.Result(restored)).ExitCode != 0, "The kernel cannot be installed here.");
        var notebook = Repository.Lesson(3);
        using var home = new KernelHome();
        using var kernel = Start(Path.GetDirectoryName(notebook.FullPath)!, language);
        try
        {
            var problems = new List<string>();
            foreach (var cell in notebook.CodeCells)
            {
                var run = await Run(kernel, cell.Source, token: cell.Label);
                problems.AddRange(run.Complaints.Select(complaint => $"{cell.Label}: {complaint}"));
                problems.AddRange(HostComparison.Differences(cell, run.Outputs));
            }

            Assert.True(problems.Count == 0, string.Join('\n', problems));
        }
        finally
        {
            kernel.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string folder, string language)
    {
        string[] arguments = ["tool", "run", "dotnet-interactive", "--", "[vscode]", "stdio", "--working-dir", folder];
        var start = new ProcessStartInfo(RunnerProcess.Host, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_CLI_CULTURE"] = start.Environment["DOTNET_CLI_UI_LANGUAGE"] = language;
        start.Environment["NUGET_PACKAGES"] = HelperPackage.Packages + Path.DirectorySeparatorChar;
        return Process.Start(start)!;
    }

    private static async Task<KernelRun> Run(Process kernel, string code, string token)
    {
        var command = new { commandType = "SubmitCode", command = new { code, targetKernelName = "csharp" }, token };
        await kernel.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        var events = new List<KernelEvent>();
        while (await kernel.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (!line.StartsWith('{')) continue;   // its welcome
            using var json = JsonDocument.Parse(line);
            events.Add(KernelEventEnvelope.Deserialize(json.RootElement).Event);
            if (events[^1] is CommandSucceeded or CommandFailed
                && json.RootElement.GetProperty("command").GetProperty("token").GetString() == token)
                return new(events);
        }

        throw new InvalidOperationException("The kernel ended.");
    }
}
