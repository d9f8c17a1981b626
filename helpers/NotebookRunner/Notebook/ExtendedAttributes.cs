using System.Runtime.InteropServices;
using System.Text;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>The extended attributes of files on Linux. Access control lists are among them.</summary>
internal static class ExtendedAttributes
{
    // Linux has no longer list, and no longer value.
    private const int Longest = 65536;

    /// <summary>Gives a file the attributes of another one, and takes away what its folder handed down.</summary>
    /// <exception cref="IOException">This user may not, or the file system cannot keep them.</exception>
    public static void Copy(string from, string to)
    {
        if (!OperatingSystem.IsLinux()) return;
        var (wanted, present) = (Of(from), Of(to));
        foreach (var name in present.Keys.Except(wanted.Keys)) Require(name, Remove(Bytes(to), Bytes(name)));
        foreach (var (name, value) in wanted)
            if (!present.TryGetValue(name, out var same) || !same.AsSpan().SequenceEqual(value))
                Require(name, Set(Bytes(to), Bytes(name), value, value.Length, 0));
    }

    // Labels for security are the system's, which gives them and may forbid to.
    private static void Require(string name, int result)
    {
        if (result != 0 && !name.StartsWith("security.", StringComparison.Ordinal))
            throw new IOException($"the file's attribute {name} would be lost: it cannot be set here.");
    }

    private static Dictionary<string, byte[]> Of(string path)
    {
        var (buffer, attributes) = (new byte[Longest], new Dictionary<string, byte[]>());
        // Where a file system knows none, this fails.
        var length = (int)List(Bytes(path), buffer, Longest);
        if (length <= 0) return attributes;
        foreach (var name in Encoding.UTF8.GetString(buffer, 0, length - 1).Split('\0'))
            if ((int)Get(Bytes(path), Bytes(name), buffer, Longest) is >= 0 and var size)
                attributes[name] = buffer[..size];
        return attributes;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [DllImport("libc", EntryPoint = "listxattr"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint List(byte[] path, [Out] byte[] names, nint size);

    [DllImport("libc", EntryPoint = "getxattr"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Get(byte[] path, byte[] name, [Out] byte[] value, nint size);

    [DllImport("libc", EntryPoint = "setxattr"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Set(byte[] path, byte[] name, byte[] value, nint size, int flags);

    [DllImport("libc", EntryPoint = "removexattr"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Remove(byte[] path, byte[] name);
}
