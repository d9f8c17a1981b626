using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace GptEmbeddings;

/// <summary>
/// Lets a library built by GCC 13 load beside an older libstdc++, when all it lacks is the version of one symbol
/// that nothing uses: the anchor which <c>&lt;iostream&gt;</c> emits.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LibstdcxxRepair
{
    private const string Libstdcxx = "libstdc++.so.6";
    private const string Anchor = "_ZSt21ios_base_library_initv";
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string NewerLibstdcxx =
        "Install GCC 13's libstdc++ (package libstdc++6, 13 or later), as Ubuntu 24.04 and Debian 13 have it.";

    private const string OtherFolder =
        $"Set the environment variable XDG_DATA_HOME to a folder of your own that you can write to. Or: {NewerLibstdcxx}";

    /// <summary>The folder for the repaired copies: of this user alone, since they are code that gets loaded.</summary>
    public static string UserFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "GptEmbeddings");

    /// <summary>The versions that a library needs and this process does not have.</summary>
    /// <exception cref="InvalidDataException">The library is no x86-64 library, or is cut off.</exception>
    public static IReadOnlyList<VersionNeed> Unmet(ElfLibrary library) =>
        [.. library.Needs().Where(need => !need.IsWeak).GroupBy(need => need.Library).SelectMany(needs =>
        {
            var offered = LoadedVersions(needs.Key);
            return needs.Where(need => !offered.Contains(need.Version));
        })];

    /// <summary>Writes the copy of a library that loads here, or finds it written already.</summary>
    /// <returns>The full path of the copy; null when the library lacks no version, so that it needs no repair.</returns>
    /// <exception cref="InvalidDataException">The library is no x86-64 library, or is cut off.</exception>
    /// <exception cref="TorchLoadException">The library lacks more than the anchor's version, or the folder is unfit.</exception>
    public static string? Repair(string path, string folder)
    {
        var image = File.ReadAllBytes(path);
        var library = new ElfLibrary(image);
        var unmet = Unmet(library);
        if (unmet.Count == 0) return null;

        if (unmet is not [{ Library: Libstdcxx } need]
            || library.SymbolsOf(need).ToArray() is not [(var symbol, Anchor)]
            || library.Relocates(symbol))
            throw new TorchLoadException(
                $"{path} cannot be loaded: it uses {string.Join(", ", unmet.Select(n => $"{n.Version} of {n.Library}"))}, "
                + "which this system does not have.", NewerLibstdcxx);

        var name = $"{Path.GetFileNameWithoutExtension(path)}-{Convert.ToHexString(SHA256.HashData(image))[..16]}.so";
        try
        {
            return Write(library.WithWeak(need), folder, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TorchLoadException(
                $"{path} needs a repaired copy (it wants {need.Version}, this system's {Libstdcxx} is older), "
                + $"and the folder for it, {folder}, cannot be used: {e.Message}", OtherFolder, e);
        }
    }

    private static string Write(byte[] content, string folder, string name)
    {
        MakePrivate(folder);
        var copy = Path.Combine(folder, name);
        if (File.Exists(copy) && (File.GetUnixFileMode(copy) & OthersWrite) == 0 && content.AsSpan().SequenceEqual(File.ReadAllBytes(copy)))
            return copy;

        var unfinished = Path.Combine(folder, $"{name}.{Guid.NewGuid():N}");
        try
        {
            using (var file = new FileStream(unfinished, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, copy, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
        return copy;
    }

    private static void MakePrivate(string folder)
    {
        Directory.CreateDirectory(folder, Private);
        if ((File.GetUnixFileMode(folder) & OthersWrite) != 0)
            throw new IOException("other users may write to it.");
        // Only a folder's owner may do this: it fails on a folder that somebody else prepared.
        if (File.GetUnixFileMode(folder) != Private) File.SetUnixFileMode(folder, Private);
        for (var parent = Directory.GetParent(folder); parent is not null; parent = parent.Parent)
            if ((parent.UnixFileMode & (UnixFileMode.OtherWrite | UnixFileMode.StickyBit)) == UnixFileMode.OtherWrite)
                throw new IOException($"every user may replace it, since {parent.FullName} is open to all.");
    }

    private static HashSet<string> LoadedVersions(string library) =>
        LoadedPath(library) is { } path ? [.. new ElfLibrary(File.ReadAllBytes(path)).Offers()] : [];

    // The loader itself knows which file a name stands for in this process: LD_LIBRARY_PATH, rpaths and all.
    private static string? LoadedPath(string library) =>
        NativeLibrary.TryLoad(library, out var handle) && DlInfo(handle, LinkMap, out var map) == 0
            ? Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(map, IntPtr.Size))   // struct link_map: l_addr, l_name
            : null;

    private const int LinkMap = 2;   // RTLD_DI_LINKMAP

    [DllImport("libc.so.6", EntryPoint = "dlinfo"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DlInfo(IntPtr handle, int request, out IntPtr answer);
}
