using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace GptEmbeddings;

/// <summary>Where the native libraries lie, seen from TorchSharp.dll.</summary>
internal static class NativeFiles
{
    /// <summary>The platform in NuGet's words, such as <c>linux-x64</c>.</summary>
    public static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : UsesMusl ? "linux-musl" : "linux")
        + $"-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The folder of TorchSharp.dll.</summary>
    public static string TorchSharpFolder =>
        Path.GetDirectoryName(typeof(torch).Assembly.Location) is { Length: > 0 } folder ? folder
            : AppContext.BaseDirectory;

    // Alpine and its kin: a libc for which libtorch is not built.
    private static bool UsesMusl => RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);

    /// <summary>A library's file name on this platform: <c>libtorch.so</c> for <c>torch</c> on Linux.</summary>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib"
        : $"lib{library}.so";

    /// <summary>A library's full path, or null when it is in none of the folders where hosts put it.</summary>
    public static string? Find(string library) =>
        Folders()
            .Select(folder => Path.GetFullPath(Path.Combine(folder, FileName(library))))
            .FirstOrDefault(File.Exists);

    /// <summary>The folder of the package that a file in NuGet's cache belongs to; null for one elsewhere.</summary>
    public static string? PackageFolder(string file)
    {
        var package = Path.GetFullPath(Path.Combine(file, "..", "..", "..", ".."));
        return File.Exists(Path.Combine(package, ".nupkg.metadata")) ? package : null;
    }

    private static IEnumerable<string> Folders()
    {
        // .NET itself looks here first when it loads by name.
        var probed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in probed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;

        var native = Path.Combine("runtimes", Platform, "native");
        var package = Path.Combine(TorchSharpFolder, "..", "..");
        var libtorch = $"libtorch-cpu-{Platform}";
        yield return TorchSharpFolder;                         // published output
        yield return Path.Combine(TorchSharpFolder, native);   // output without a runtime identifier
        yield return Path.Combine(TorchSharpFolder, "native"); // Verso: TorchSharp's own library
        yield return Path.Combine(package, native);            // NuGet's cache, .NET Interactive: the same
        if (LibtorchVersion is not { } version) yield break;   // libtorch is a package of its own in both:
        yield return Path.Combine(package, libtorch, version, "native");
        yield return Path.Combine(package, "..", "..", libtorch, version, native);
    }

    // TorchSharp knows the version it was built for, and keeps it to itself.
    private static string? LibtorchVersion
    {
        get
        {
            var field = typeof(torch).GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Static);
            if (!Version.TryParse(field?.GetRawConstantValue() as string, out var version)) return null;
            return version.ToString(version.Revision > 0 ? 4 : 3);   // NuGet's folders drop a trailing ".0" of four.
        }
    }
}
