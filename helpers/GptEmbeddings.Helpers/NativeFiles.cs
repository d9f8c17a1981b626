using System.Runtime.InteropServices;

namespace GptEmbeddings;

/// <summary>Where the native libraries lie, seen from TorchSharp.dll.</summary>
internal static class NativeFiles
{
    /// <summary>The platform, in NuGet's words: <c>linux-x64</c>, <c>osx-arm64</c>, <c>win-x64</c>.</summary>
    public static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : IsMusl ? "linux-musl" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Whether the package TorchSharp-cpu has a libtorch for this platform.</summary>
    public static bool PlatformHasLibtorch => Platform is "win-x64" or "osx-arm64" or "linux-x64";

    private static bool IsMusl => RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);

    /// <summary>The file name of a library on this platform, such as <c>libtorch.so</c> for <c>torch</c>.</summary>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib"
        : $"lib{library}.so";

    /// <summary>The full path of a library, or null when it is in none of the folders where hosts put it.</summary>
    public static string? Find(string library, string torchSharpFolder) =>
        Folders(torchSharpFolder)
            .Select(folder => Path.GetFullPath(Path.Combine(folder, FileName(library))))
            .FirstOrDefault(File.Exists);

    private static IEnumerable<string> Folders(string torchSharpFolder)
    {
        var native = Path.Combine("runtimes", Platform, "native");
        yield return torchSharpFolder;                                   // published output
        yield return Path.Combine(torchSharpFolder, native);             // output without a runtime identifier
        yield return Path.Combine(torchSharpFolder, "..", "..", native); // NuGet cache, .NET Interactive
        yield return Path.Combine(torchSharpFolder, "native");           // Verso

        var probed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in probed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
    }
}
