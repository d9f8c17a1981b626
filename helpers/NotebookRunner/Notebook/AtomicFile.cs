namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Replaces or makes a file so that at every moment it is wholly the old one or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the file, flushes, renames. Mode, owner, group stay; a link stays a link.</summary>
    /// <exception cref="IOException">The file cannot be replaced; it is as it was.</exception>
    public static void Replace(string path, byte[] content)
    {
        var target = Target(path);
        var temporary = Beside(target);
        if (File.Exists(target)) RequireAllowed(target);
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew))
            {
                KeepOwner(target, temporary);
                if (!OperatingSystem.IsWindows() && File.Exists(target))
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(target));
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes sure that the file can be replaced: tries it with a file beside it, deleted at once.</summary>
    public static void RequireReplaceable(string path)
    {
        var target = Target(path);
        RequireAllowed(target);
        var trial = Beside(target);
        using (File.Create(trial, 1, FileOptions.DeleteOnClose)) KeepOwner(target, trial);
    }

    // Renaming asks the folder alone, and root nobody. Other names of the file would keep the old content.
    private static void RequireAllowed(string target)
    {
        var isReadOnly = OperatingSystem.IsWindows() ? new FileInfo(target).IsReadOnly
            : !File.GetUnixFileMode(target).HasFlag(UnixFileMode.UserWrite);
        if (isReadOnly) throw new IOException("the file is read-only. Make it writable to save it.");
        if (FileStatus.Of(target) is { Names: > 1 } status)
            throw new IOException($"the file has {status.Names} names (hard links), and saving would part them. "
                + "Copy it to a file of its own.");
        File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
    }

    // Short, since the file's own name may be as long as names can be.
    private static string Beside(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetRandomFileName()}.tmp");

    private static string Target(string path) =>
        (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null)?.FullName ?? path;

    private static void KeepOwner(string target, string temporary)
    {
        if (FileStatus.Of(target) is not { } old || FileStatus.Of(temporary) is not { } made) return;
        if ((old.Owner, old.Group) != (made.Owner, made.Group) && !old.GiveTo(temporary))
            throw new IOException("the file belongs to another user or group, which saving would change.");
    }
}
