using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Whatever comes in between, a notebook that is being saved is wholly the old or wholly the new
/// file.</summary>
public sealed class InterruptedSaveTests : IDisposable
{
    private const int Notebooks = 5;
    private readonly NotebookFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_a_random_moment_no_file_is_lost_or_half_written()
    {
        var before = await WriteLargeNotebooks();
        Assert.Equal(Runner.AllWell, (await Save()).ExitCode);
        var after = await ReadAll();
        Assert.All(before, (content, index) => Assert.False(content.SequenceEqual(after[index])));

        for (var round = 0; round < (Thorough.Asked ? 8 : 2); round++)
        {
            for (var i = 0; i < Notebooks; i++)
                await File.WriteAllBytesAsync(_folder.PathOf($"{i:00}.ipynb"), before[i], Cancellation);
            var entries = Directory.GetFileSystemEntries(_folder.FullPath).Length;
            using var process = RunnerProcess.Start(_folder.FullPath, "save", _folder.FullPath);
            var some = Random.Shared.Next(Notebooks - 1);
            if (round % 2 == 0)
            {
                // Just when the next file is being written.
                while (!process.HasExited && Directory.GetFileSystemEntries(_folder.FullPath).Length == entries
                    && new FileInfo(_folder.PathOf($"{some:00}.ipynb")).Length == before[some].Length) Thread.Yield();
            }
            else
            {
                for (; some >= 0; some--) await process.StandardOutput.ReadLineAsync(Cancellation);
                await Task.Delay(Random.Shared.Next(150), Cancellation);
            }

            process.Kill();
            await process.WaitForExitAsync(Cancellation);
            var now = await ReadAll();
            Assert.All(now, (content, index) => Assert.True(
                content.SequenceEqual(before[index])
                    || content.SequenceEqual(after[index]), $"{index:00}.ipynb is neither the old nor the new file"));
        }

        Assert.Contains(".*.tmp", File.ReadLines(Path.Combine(Repository.Root, ".gitignore")));
        Assert.All(Directory.GetFiles(_folder.FullPath), path => Assert.Matches(@"\d\d\.ipynb$|\.\w+\.tmp$", path));
        Assert.Equal(Runner.AllWell, (await Save()).ExitCode);
        Assert.All(await ReadAll(), (content, index) => Assert.True(content.SequenceEqual(after[index])));
    }

    [Fact]
    public async Task Two_runs_at_once_both_end_well_and_leave_the_same_files_as_one()
    {
        for (var i = 0; i < 5; i++) _folder.Write($"{i:00}.ipynb", $"\"{i}\"");
        var runs = new[] { Save(), Save() };
        Assert.All(await Task.WhenAll(runs), run => Assert.Equal((Runner.AllWell, ""), (run.ExitCode, run.Errors)));
        for (var i = 0; i < 5; i++)
            Assert.Contains($"\"{i}\"", _folder.Outputs($"{i:00}.ipynb")[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(5, Directory.GetFileSystemEntries(_folder.FullPath).Length);
    }

    [Theory]
    [InlineData("mount -o remount,ro \"$folder\"", "Read-only file system", Runner.WrongRequest)]
    [InlineData("cat /dev/zero > \"$folder/filler\" 2> /dev/null", "No space left on device", Runner.Failed)]
    public async Task Where_the_file_cannot_be_written_it_stays_and_the_message_says_why(
        string obstacle, string reason, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has mount namespaces.");
        Directory.CreateDirectory(_folder.PathOf("small"));
        _folder.Write("original.ipynb", "1");
        var result = await RunnerProcess.InMountNamespace(
            _folder.FullPath,
            $"""
            folder="$PWD/small"
            mount -t tmpfs -o size=64k tmpfs "$folder" || exit 99
            cp original.ipynb "$folder/a.ipynb"
            {obstacle}
            "$@" save "$folder/a.ipynb"
            echo "exit code $?"
            cmp original.ipynb "$folder/a.ipynb" && echo unchanged
            ls -A "$folder" | grep -v filler
            """);
        Assert.EndsWith($"exit code {exitCode}\nunchanged\na.ipynb\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("a.ipynb: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.All(result.Errors.TrimEnd('\n').Split('\n'), line => Assert.Matches("^(error: |  )", line));
    }

    private async Task<RunnerResult> Save()
    {
        using var process = RunnerProcess.Start(_folder.FullPath, "save", _folder.FullPath);
        return await RunnerProcess.Result(process);
    }

    // Long files, so that much of the time goes into writing them.
    private async Task<List<byte[]>> WriteLargeNotebooks()
    {
        for (var i = 0; i < Notebooks; i++)
        {
            var json = NotebookFolder.Json(NotebookFolder.Cell($"\"{i}\""));
            json["metadata"]!["padding"] = new string('x', 8_000_000);
            _folder.WriteJson($"{i:00}.ipynb", json);
        }

        return await ReadAll();
    }

    private async Task<List<byte[]>> ReadAll()
    {
        var all = new List<byte[]>();
        for (var i = 0; i < Notebooks; i++)
            all.Add(await File.ReadAllBytesAsync(_folder.PathOf($"{i:00}.ipynb"), Cancellation));
        return all;
    }
}
