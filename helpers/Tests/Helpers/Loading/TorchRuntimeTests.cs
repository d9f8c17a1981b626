using System.Runtime.Versioning;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Each test starts processes of its own, see <see cref="TorchProbe"/>.</summary>
[SupportedOSPlatform("linux")]
public sealed class TorchRuntimeTests
{
    private const string OnlyLinux = "The layouts are made of the Linux x64 libraries.";
    private const string OnlyOldLibstdcxx = "This system's libstdc++ is new enough: nothing needs repair.";

    public TorchRuntimeTests() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && NativeFiles.Platform == "linux-x64", OnlyLinux);

    [Theory]
    [InlineData(nameof(TorchLayout.PublishedOutput))]
    [InlineData(nameof(TorchLayout.OutputWithRuntimes))]
    [InlineData(nameof(TorchLayout.NuGetCache))]
    [InlineData(nameof(TorchLayout.Verso))]
    [InlineData(nameof(TorchLayout.Kernel))]
    public async Task An_embedding_as_the_first_use_works_in_every_layout_and_copies_no_natives(string name)
    {
        using var layout = (TorchLayout)typeof(TorchLayout).GetMethod(name)!.Invoke(null, null)!;
        var before = layout.Files();

        var (exitCode, output) = await layout.RunAsync();

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("embedding 6 x 4", lines[0]);
        Assert.Equal(0, exitCode);
        Assert.Equal(before, layout.Files());
        // One library is mapped, so it is the one that TorchSharp's calls reach.
        var mapped = NeedsRepair() ? Copy(layout) : NativeFiles.Find("LibTorchSharp");
        Assert.Equal(["embedding 6 x 4", $"mapped {mapped}"], lines);
    }

    [Theory]
    [InlineData(nameof(TorchLayout.NuGetCache))]
    [InlineData(nameof(TorchLayout.Verso))]
    public async Task A_libtorch_of_the_systems_own_is_passed_over(string name)
    {
        using var layout = (TorchLayout)typeof(TorchLayout).GetMethod(name)!.Invoke(null, null)!;
        layout.AddSystemLibtorch();

        var (exitCode, output) = await layout.RunAsync();

        Assert.StartsWith("embedding 6 x 4\n", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task A_second_process_uses_the_copy_that_the_first_one_wrote()
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.NuGetCache();
        await layout.RunAsync();
        var written = File.GetLastWriteTimeUtc(Copy(layout));

        Assert.Contains("embedding 6 x 4", (await layout.RunAsync()).Output, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Copy(layout)));
    }

    [Fact]
    public async Task A_tampered_copy_is_replaced_before_anything_loads_it()
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.NuGetCache();
        await layout.RunAsync();
        var right = File.ReadAllBytes(Copy(layout));
        var tampered = right.ToArray();
        tampered[^1] ^= 1;
        File.WriteAllBytes(Copy(layout), tampered);

        Assert.Contains("embedding 6 x 4", (await layout.RunAsync()).Output, StringComparison.Ordinal);
        Assert.Equal(right, File.ReadAllBytes(Copy(layout)));
    }

    [Fact]
    public async Task Processes_that_start_at_the_same_time_all_load_and_leave_one_copy()
    {
        using var layout = TorchLayout.NuGetCache();

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => layout.RunAsync()));

        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
        if (NeedsRepair()) Assert.Equal([Copy(layout)], Directory.GetFileSystemEntries(layout.Copies));
    }

    [Fact]
    public async Task Threads_that_load_at_the_same_time_all_get_a_working_torch()
    {
        using var layout = TorchLayout.NuGetCache();

        var (exitCode, output) = await layout.RunAsync("threads");

        Assert.Equal(0, exitCode);
        Assert.Equal(5, output.Split('\n').Count(line => line == "embedding 6 x 4"));
    }

    [Theory]
    [InlineData("file/data")]
    [InlineData("/proc/no-such-folder")]
    public async Task Where_no_copy_can_be_written_the_message_names_the_folder_and_the_remedy(string data)
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.NuGetCache();
        File.WriteAllText(Path.Combine(layout.Root, "file"), "A file, where a folder would have to be.");
        layout.Data = Path.Combine(layout.Root, data);
        layout.Set("TMPDIR", layout.Data);
        var before = layout.Files();

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(layout.Library, output, StringComparison.Ordinal);
        Assert.Contains("GLIBCXX_3.4.32 of libstdc++.so.6", output, StringComparison.Ordinal);
        Assert.Contains(layout.Copies, output, StringComparison.Ordinal);
        Assert.Contains("XDG_DATA_HOME", output, StringComparison.Ordinal);
        Assert.Equal(before, layout.Files());
    }

    [Theory]
    [InlineData("data")]
    [InlineData("file/data")]
    [InlineData("/proc/no-such-folder")]
    public async Task Where_the_users_folder_is_unfit_a_copy_serves_that_is_gone_afterwards(string data)
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.NuGetCache();
        File.WriteAllText(Path.Combine(layout.Root, "file"), "A file, where a folder would have to be.");
        // As a umask of 002 leaves it: the user's group may write there.
        var open = Directory.CreateDirectory(Path.Combine(layout.Root, "data"));
        open.UnixFileMode |= UnixFileMode.GroupWrite;
        var temporary = Directory.CreateDirectory(Path.Combine(layout.Root, "temporary"));
        (layout.Data, var before) = (Path.Combine(layout.Root, data), layout.Files());
        layout.Set("TMPDIR", temporary.FullName);

        var (exitCode, output) = await layout.RunAsync();

        Assert.True(exitCode == 0, output);
        Assert.Contains("embedding 6 x 4", output, StringComparison.Ordinal);
        Assert.Equal(before, layout.Files());
        Assert.Empty(temporary.GetDirectories("GptEmbeddings-*"));
    }

    [Fact]
    public async Task Without_XDG_DATA_HOME_the_copy_belongs_below_the_home_folder()
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.NuGetCache();
        layout.Data = "";
        layout.Set("HOME", "/proc/no-such-home");
        layout.Set("TMPDIR", "/proc/no-such-home");

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("/proc/no-such-home/.local/share/GptEmbeddings", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_remedy_the_next_call_in_the_same_process_loads()
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.NuGetCache();
        layout.Set(TorchProbe.Cure, layout.Data);
        layout.Data = "/proc/no-such-folder";
        layout.Set("TMPDIR", "/proc/no-such-folder");

        var (exitCode, output) = await layout.RunAsync("retry");

        Assert.StartsWith($"first: {layout.Library} cannot be loaded", output, StringComparison.Ordinal);
        Assert.Contains("embedding 6 x 4", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task TorchSharp_used_too_early_asks_for_a_restart()
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.PublishedOutput();
        layout.Set(TorchProbe.Cure, layout.Data);

        var (exitCode, output) = await layout.RunAsync("torch first");

        Assert.Contains("first: TypeInitializationException", output, StringComparison.Ordinal);
        Assert.Contains("restart the kernel", output, StringComparison.OrdinalIgnoreCase);
        // Its first failure TorchSharp prints itself, with the advice to add the package that is there; ours only says
        // to restart.
        Assert.DoesNotContain("TorchSharp-cpu", output[output.IndexOf("first:", StringComparison.Ordinal)..],
            StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Without_libtorch_the_message_names_the_package_to_add()
    {
        using var layout = TorchLayout.NuGetCache();
        Directory.Delete(layout.Libtorch, recursive: true);

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        // A libtorch of the system's own may step in, and does not fit.
        Assert.Matches("^libtorch_cpu.so was not found|Another libtorch", output);
        Assert.Contains("#r \"nuget: TorchSharp-cpu, 0.107.0\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(5_000)]
    [InlineData(1_000_000)]
    [InlineData(1_920_000)]
    public async Task A_library_that_is_cut_off_is_named_with_its_package_folder(int length)
    {
        using var layout = TorchLayout.NuGetCache();
        TorchLayout.Replace(layout.Library, File.ReadAllBytes(layout.Library)[..length]);
        var package = Path.Combine(layout.Root, "packages", "torchsharp", "0.107.0");
        File.WriteAllText(Path.Combine(package, ".nupkg.metadata"), "{}");

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{layout.Library} cannot be loaded: ", output, StringComparison.Ordinal);
        Assert.Contains($"Delete {package} and restore", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Libtorch_itself_cut_off_is_named_too()
    {
        using var layout = TorchLayout.NuGetCache();
        var library = Path.Combine(layout.Libtorch, "libtorch_cpu.so");
        var start = new byte[4096];
        using (var file = File.OpenRead(library)) file.ReadExactly(start);
        TorchLayout.Replace(library, start);

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{library} cannot be loaded: it is cut off after 4096 bytes", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_library_is_refused_in_the_loaders_words()
    {
        using var layout = TorchLayout.PublishedOutput();
        TorchLayout.Replace(layout.Library, "<html>404: not found</html>"u8.ToArray().Concat(new byte[4096]).ToArray());

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{layout.Library} cannot be loaded: ", output, StringComparison.Ordinal);
        Assert.Contains("invalid ELF header", output, StringComparison.Ordinal);
        Assert.Contains("Build or restore again", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_of_another_processor_is_refused_in_the_loaders_words()
    {
        using var layout = TorchLayout.PublishedOutput();
        var image = File.ReadAllBytes(layout.Library);
        image[18] = 183;   // e_machine EM_AARCH64
        TorchLayout.Replace(layout.Library, image);

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{layout.Library} cannot be loaded: ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(layout.Copies));
    }

    private static string Copy(TorchLayout layout) => Assert.Single(Directory.GetFiles(layout.Copies));

    private static void SkipUnlessRepaired() => Assert.SkipUnless(NeedsRepair(), OnlyOldLibstdcxx);

    private static bool NeedsRepair()
    {
        var folder = Directory.CreateTempSubdirectory("needs-repair-");
        try
        {
            return LibstdcxxRepair.Repair(NativeFiles.Find("LibTorchSharp")!, Path.Combine(folder.FullName, "copies"))
                is not null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
