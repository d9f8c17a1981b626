using System.Diagnostics;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>
/// Jupyter with the kernel .NET (C#), set up by the commands of notebooks/README.md in the home of a new user: a
/// temporary folder.
/// </summary>
public sealed class Jupyter : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("jupyter-home-").FullName;

    /// <summary>Why it cannot be had here.</summary>
    public const string Missing =
        "needs a python3 with nbclient (or PYTHON, which names one) and `dotnet tool restore`: .ci/run installs both";

    // Asked only where that is wanted: it starts programs.
    private static string? Python { get; } = !Thorough.Asked ? null
        : new[] { Environment.GetEnvironmentVariable("PYTHON"), "python3", "/usr/bin/python3" }
            .OfType<string>().FirstOrDefault(python => Works(python, "-c", "import nbclient"));

    /// <summary>Whether a test may use it: it takes minutes, and needs what <see cref="Missing"/> names.</summary>
    public static bool Asked { get; } = Python is not null
        && Works(RunnerProcess.Host, "tool", "run", "dotnet-interactive", "--version");

    public async ValueTask InitializeAsync()
    {
        if (!Asked) return;
        HelperPackage.DropIfStale();
        CopyNuGetSettings();
        await Run(Repository.Root, RunnerProcess.Host, "tool", "restore");
        await Run(Repository.Root, RunnerProcess.Host, "interactive", "jupyter", "install", "--path", Kernels);
    }

    /// <summary>Runs a notebook.</summary>
    /// <returns>The notebook with the outputs of this run.</returns>
    internal async Task<NotebookFile> Execute(string path)
    {
        var result = Path.Combine(_home, $"{Guid.NewGuid():N}.ipynb");
        var script = Path.Combine(Repository.Root, "helpers", "Tests", "Hosts", "execute_notebook.py");
        await Run(Path.GetDirectoryName(path)!, Python!, script, path, result);
        return NotebookFile.Load(result, path);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private string Kernels =>
        Directory.CreateDirectory(Path.Combine(_home, ".local", "share", "jupyter", "kernels")).FullName;

    private static bool IsOfTheUser(string variable) =>
        variable.StartsWith("JUPYTER_", StringComparison.Ordinal) || variable is "DOTNET_CLI_HOME" or "XDG_DATA_HOME";

    private static bool Works(string program, params string[] arguments)
    {
        try
        {
            using var process = RunnerProcess.StartProgram(Repository.Root, program, arguments);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private void CopyNuGetSettings()
    {
        var home = Environment.GetEnvironmentVariable("DOTNET_CLI_HOME")
            ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var (from, to) = (Path.Combine(home, ".nuget", "NuGet"), Path.Combine(_home, ".nuget", "NuGet"));
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from)) return;
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private async Task Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfTheUser).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = _home;
        start.Environment["NUGET_PACKAGES"] = HelperPackage.Packages + Path.DirectorySeparatorChar;
        using var process = Process.Start(start)!;
        var result = await RunnerProcess.Result(process);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{result.Output}\n{result.Errors}");
    }
}
