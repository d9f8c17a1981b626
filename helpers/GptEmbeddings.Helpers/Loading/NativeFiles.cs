using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace GptEmbeddings;

/// <summary>Where the native libraries lie, seen from TorchSharp.dll.</summary>
internal static class NativeFiles
{
    /// <summary>The version that an older libstdc++ lacks, and the build's copy does without.</summary>
    public const string LackingVersion = "GLIBCXX_3.4.32";

    /// <summary>Where the build of this assembly put the copy; empty where the build ran on no Linux x64.</summary>
    public static string RepairedPath => DownloadedPackage.Built("RepairedLibTorchSharp");

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

    /// <summary>The copy that the build made of a library; null when it is gone, or of another version.</summary>
    public static string? RepairedCopy(string library) =>
        File.Exists(RepairedPath) && Length(RepairedPath) == Length(library) ? RepairedPath : null;

    /// <summary>
    /// The length in bytes of a Linux library that ends before what must be loaded of it. The loader does not notice:
    /// it maps what is not there, and the whole process dies of a bus error. Null for a whole file, and for one that
    /// the loader refuses. Source: System V gABI, chapter 5, "Program Header".
    /// </summary>
    public static long? LengthIfCutOff(string path)
    {
        try
        {
            using var file = new BinaryReader(File.OpenRead(path));
            var length = file.BaseStream.Length;
            var header = file.ReadBytes(64);
            if (header.Length < 64 || !header.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8)) return null;
            file.BaseStream.Position = BitConverter.ToInt64(header, 32);
            for (var segments = BitConverter.ToUInt16(header, 56); segments > 0; segments--)
            {
                var segment = file.ReadBytes(56);
                if (segment.Length < 56) return length;
                const int load = 1;
                if (BitConverter.ToInt32(segment) == load
                    && BitConverter.ToInt64(segment, 8) + BitConverter.ToInt64(segment, 32) > length) return length;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The loader cannot read it either, and will say why.
        }

        return null;
    }

    private static long Length(string path)
    {
        using var file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
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
