using System.Runtime.Versioning;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>What the package's extension does where libtorch is broken; the kernel itself would not tell.</summary>
[SupportedOSPlatform("linux")]
public sealed class InteractiveExtensionTests
{
    [Fact]
    public async Task A_broken_libtorch_is_told_in_the_cell_and_thrown_by_the_next_call()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && NativeFiles.Platform == "linux-x64",
            "The layout is made of the Linux x64 libraries.");
        using var layout = TorchLayout.PublishedOutput();
        TorchLayout.Replace(layout.Library, [1, 2, 3]);
        var (exitCode, output) = await layout.RunAsync("extension");
        const string Told = "TorchSharp is not ready; Tutorial.Begin() will try again. ";
        Assert.Equal(1, exitCode);
        Assert.StartsWith(Told, output, StringComparison.Ordinal);
        Assert.Contains(layout.Library, output.Split('\n')[0], StringComparison.Ordinal);
    }
}
