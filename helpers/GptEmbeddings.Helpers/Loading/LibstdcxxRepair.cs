using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace GptEmbeddings;

/// <summary>
/// Lets a library built by GCC 13 load beside an older libstdc++, if all it lacks is the version of one symbol that
/// nothing uses: the anchor that <c>&lt;iostream&gt;</c> leaves behind. A copy that tolerates the lack is loaded
/// instead.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LibstdcxxRepair
{
    private const string Libstdcxx = "libstdc++.so.6";
    private const string Anchor = "_ZSt21ios_base_library_initv";
    private const uint Root = 0;
    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private const string NewerLibrary =
        "install GCC 13's libstdc++ (libstdc++6, version 13 or later), as Ubuntu 24.04 and Debian 13 have it.";

    /// <summary>The folder for copies: this user's own, since they are code that gets loaded.</summary>
    public static string UserFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify),
        "GptEmbeddings");

    /// <summary>Finds or writes the copy of a library that loads here.</summary>
    /// <returns>
    /// The copy's full path, or null if the library lacks no version, is damaged or is for another system, so that the
    /// loader has already said what is wrong with it.
    /// </returns>
    /// <exception cref="TorchLoadException">More is lacking than the anchor, or the folder is unfit.</exception>
    public static string? Repair(string path, string folder)
    {
        byte[] image;
        ElfLibrary library;
        IReadOnlyList<VersionNeed> unmet;
        try
        {
            image = File.ReadAllBytes(path);
            library = new ElfLibrary(image);
            unmet = Unmet(library);
            if (unmet.Count == 0) return null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var missing = string.Join(", ", unmet.Select(need => $"{need.Version} of {need.Library}"));
        var lack = $"{path} cannot be loaded: this system lacks {missing}";
        if (unmet is not [{ Library: Libstdcxx } only])
            throw new TorchLoadException(
                $"{lack}.", "Use a newer Linux: Ubuntu 24.04 and Debian 13 have all of these.");
        if (library.SymbolsOf(only).ToArray() is not [(var symbol, Anchor)] || library.Relocates(symbol))
            throw new TorchLoadException($"{lack}, and the library really uses it.", $"To have it, {NewerLibrary}");

        var hash = Convert.ToHexString(SHA256.HashData(image), 0, 8);
        var name = $"{Path.GetFileNameWithoutExtension(path)}-{hash}.so";
        return WriteCopy(library.Without(only), folder, name, lack);
    }

    private static string WriteCopy(byte[] content, string folder, string name, string lack)
    {
        try
        {
            MakePrivate(folder);
            return Write(content, Path.Combine(folder, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TorchLoadException(
                $"{lack}. A copy that does without it cannot go to {folder}: {e.Message}",
                "Set the environment variable XDG_DATA_HOME to a folder of your own that you can write to; "
                + $"or {NewerLibrary}",
                e);
        }
    }

    private static IReadOnlyList<VersionNeed> Unmet(ElfLibrary library) =>
        [.. library.Needs().Where(need => !need.IsWeak).GroupBy(need => need.Library).SelectMany(needs =>
        {
            var offered = LoadedVersions(needs.Key);
            return needs.Where(need => !offered.Contains(need.Version));
        })];

    private static HashSet<string> LoadedVersions(string library) =>
        LoadedPath(library) is { } path ? [.. new ElfLibrary(File.ReadAllBytes(path)).Offers()] : [];

    // The loader itself says which file a name stands for in this process, whatever search path it took.
    private static string? LoadedPath(string library) =>
        NativeLibrary.TryLoad(library, out var handle) && DlInfo(handle, LinkMap, out var map) == 0
            ? Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(map, IntPtr.Size))   // struct link_map: l_addr, then l_name
            : null;

    private static void MakePrivate(string folder)
    {
        CreatePrivate(new DirectoryInfo(folder));
        // A folder that somebody else has prepared stays theirs, whatever its mode.
        if (FileStatus.Of(folder) is { IsMine: false }) throw new IOException("It belongs to another user.");
        var mode = File.GetUnixFileMode(folder);
        if ((mode & OthersWrite) != 0) throw new IOException("Other users may write to it.");
        if (mode != OnlyMine) File.SetUnixFileMode(folder, OnlyMine);
        RequireGuarded(new DirectoryInfo(folder));
    }

    // Whoever may rename a folder above could put another in its place; a sticky one such as /tmp forbids that.
    private static void RequireGuarded(DirectoryInfo folder)
    {
        for (var above = folder; above is not null; above = above.Parent)
        {
            if ((above.UnixFileMode & OthersWrite) != 0 && !above.UnixFileMode.HasFlag(UnixFileMode.StickyBit))
                throw new IOException(
                    $"Other users may write to {above.FullName}, which `chmod go-w` forbids them.");
            if (FileStatus.Of(above.FullName) is { IsMine: false, Owner: not Root })
                throw new IOException($"{above.FullName} belongs to another user.");
            if (above.ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo real) RequireGuarded(real);
        }
    }

    // .NET gives the mode to the last folder only, and the ones above it to everybody if the umask says so.
    private static void CreatePrivate(DirectoryInfo folder)
    {
        if (folder.Exists) return;
        if (folder.Parent is { } parent) CreatePrivate(parent);
        Directory.CreateDirectory(folder.FullName, OnlyMine);
    }

    // A pipe would never end, and what is another's or a link may change after it was read.
    private static bool IsMine(string copy) =>
        new FileInfo(copy) is { Exists: true, LinkTarget: null } file && (file.UnixFileMode & OthersWrite) == 0
        && FileStatus.Of(copy) is { IsRegular: true, IsMine: true };

    private static string Write(byte[] content, string copy)
    {
        if (IsMine(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(content)) return copy;

        // Renamed only when whole: another process finds the old file, or the new one, and never a part.
        var unfinished = $"{copy}.{Guid.NewGuid():N}";
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

    private const int LinkMap = 2;   // RTLD_DI_LINKMAP

    [DllImport("libc.so.6", EntryPoint = "dlinfo"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DlInfo(IntPtr handle, int request, out IntPtr answer);
}
