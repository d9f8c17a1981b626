using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>What .NET does not tell of a file, as Linux tells it.</summary>
/// <param name="IsRegular">Whether it is a file of bytes: no folder, device, pipe or socket.</param>
/// <param name="Names">How many names it has (hard links).</param>
/// <param name="Owner">The number of the user who owns it.</param>
/// <param name="Group">The number of its group.</param>
/// <param name="IsMountPoint">Whether something is mounted there, as far as the system tells (from Linux 5.8).</param>
internal readonly record struct FileStatus(bool IsRegular, uint Names, uint Owner, uint Group, bool IsMountPoint)
{
    private const int FromCurrentFolder = -100, BasicStatus = 0x7ff, TypeMask = 0xf000, RegularFile = 0x8000;
    private const uint MountRoot = 0x2000;

    /// <summary>Gives the status of the file, at the end of links; null where there is none, or no Linux.</summary>
    public static FileStatus? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var status = new byte[256];
        if (Statx(FromCurrentFolder, Bytes(path), 0, BasicStatus, status) != 0) return null;
        return new(
            (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(28)) & TypeMask) == RegularFile, Number(16),
            Number(20), Number(24), (Number(8) & MountRoot) != 0);

        uint Number(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(offset));
    }

    /// <summary>Whether it is a file that can be read to its end; where nothing is known, any file counts.</summary>
    public static bool IsRegularFile(string path) => File.Exists(path) && Of(path) is null or { IsRegular: true };

    /// <summary>Gives a file this owner and group.</summary>
    /// <returns>Whether this user may.</returns>
    public bool GiveTo(string path) => Chown(Bytes(path), Owner, Group) == 0;

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + '\0');

    // The layout of its answer, struct statx, is the same on every processor.
    [DllImport("libc.so.6", EntryPoint = "statx"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(
        int folder, byte[] path, int flags, uint mask, [Out] byte[] status);

    [DllImport("libc.so.6", EntryPoint = "chown"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Chown(byte[] path, uint owner, uint group);
}
