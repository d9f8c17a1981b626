using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
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
        var mapped = NeedsRepair() ? NativeFiles.RepairedPath : NativeFiles.Find("LibTorchSharp");
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
    public async Task Threads_that_load_at_the_same_time_all_get_a_working_torch()
    {
        using var layout = TorchLayout.NuGetCache();

        var (exitCode, output) = await layout.RunAsync("threads");

        Assert.Equal(0, exitCode);
        Assert.Equal(5, output.Split('\n').Count(line => line == "embedding 6 x 4"));
    }

    [Fact]
    public async Task Nothing_is_written_and_no_home_is_needed()
    {
        using var layout = TorchLayout.NuGetCache();
        foreach (var variable in (string[])["HOME", "XDG_DATA_HOME", "TMPDIR"])
            layout.Set(variable, "/proc/no-such-folder");
        var before = layout.Files();

        var (exitCode, output) = await layout.RunAsync();

        Assert.True(exitCode == 0, output);
        Assert.Equal(before, layout.Files());
    }

    [Fact]
    public async Task Where_the_checkout_was_moved_after_its_build_the_message_says_to_build_again()
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.NuGetCache();
        var helper = File.ReadAllBytes(layout.Helper);
        var place = helper.AsSpan().IndexOf(Encoding.UTF8.GetBytes(NativeFiles.RepairedPath));
        "/m"u8.CopyTo(helper.AsSpan(place));
        TorchLayout.Replace(layout.Helper, helper);

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Matches($"^{Regex.Escape(layout.Library)} cannot be loaded: .* lacks GLIBCXX_3\\.4\\.32\\. .*: "
            + $"/m{Regex.Escape(NativeFiles.RepairedPath[2..])}\\.\nBuild again, .*: "
            + "dotnet build helpers/GptEmbeddings\\.Helpers\n$", output);
    }

    [Fact]
    public async Task A_library_of_another_version_does_not_give_way_to_the_copy()
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.NuGetCache();
        TorchLayout.Replace(layout.Library, [.. File.ReadAllBytes(layout.Library), 0]);

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("Build again", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_that_lacks_more_than_the_copy_does_without_is_told_to_be_too_old()
    {
        using var layout = TorchLayout.NuGetCache();
        var library = File.ReadAllBytes(layout.Library);
        "GLIBCXX_9.9.99"u8.CopyTo(library.AsSpan(library.AsSpan().IndexOf("GLIBCXX_3.4.29"u8)));
        TorchLayout.Replace(layout.Library, library);

        var (exitCode, output) = await layout.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Matches("^.* cannot be loaded: .*GLIBCXX_[39].*\nUse a newer Linux: Ubuntu 24.04", output);
    }

    [Fact]
    public async Task After_the_remedy_the_next_call_in_the_same_process_loads()
    {
        using var layout = TorchLayout.NuGetCache();
        layout.Set(TorchProbe.Cure, layout.Libtorch);
        Directory.Move(layout.Libtorch, TorchProbe.Away(layout.Libtorch));

        var (exitCode, output) = await layout.RunAsync("retry");

        Assert.StartsWith("first: libtorch_cpu.so was not found", output, StringComparison.Ordinal);
        Assert.Contains("embedding 6 x 4", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task TorchSharp_used_too_early_asks_for_a_restart()
    {
        SkipUnlessRepaired();
        using var layout = TorchLayout.PublishedOutput();

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
    }

    private static void SkipUnlessRepaired() => Assert.SkipUnless(NeedsRepair(), OnlyOldLibstdcxx);

    // .NET itself stands on libstdc++, so it is in memory.
    private static bool NeedsRepair()
    {
        var libstdcxx = File.ReadLines("/proc/self/maps")
            .First(line => line.Contains("/libstdc++.so", StringComparison.Ordinal));
        return File.ReadAllBytes(libstdcxx[libstdcxx.IndexOf('/', StringComparison.Ordinal)..])
            .AsSpan().IndexOf("GLIBCXX_3.4.32"u8) < 0;
    }
}
