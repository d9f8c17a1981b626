using System.Diagnostics;

namespace GptEmbeddings.Benchmarks;

/// <summary>A .NET program in a process of its own.</summary>
internal static class DotnetProcess
{
    private static string Host { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>The notebook runner beside this program.</summary>
    public static string Runner { get; } = Path.Combine(AppContext.BaseDirectory, "NotebookRunner.dll");

    /// <summary>Runs an assembly to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run(string assembly, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Host, ["exec", assembly, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{Path.GetFileName(assembly)} {string.Join(' ', arguments)} failed:\n{errors.Result}");
    }
}
