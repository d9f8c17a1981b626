using System.Text.RegularExpressions;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Replaces or makes a file so that at every moment it is wholly the old one or the new one.</summary>
internal static partial class AtomicFile
{
    /// <summary>Writes beside the file, flushes, renames. Mode, owner, group, extended attributes and access lists
    /// stay; a link stays a link.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="expected">What it must hold until the moment of the renaming; null for whatever it holds.</param>
    /// <returns>False where it holds the content already: somebody else has written it meanwhile.</returns>
    /// <exception cref="IOException">The file cannot be replaced, or somebody changed it; it is as it was.</exception>
    public static bool Replace(string path, byte[] content, byte[]? expected = null)
    {
        var target = Target(path);
        var temporary = Unfinished(Path.GetDirectoryName(target)!);
        if (File.Exists(target)) RequireAllowed(target);
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew))
            {
                KeepStatus(target, temporary);
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            // Flushing may take seconds, so not before.
            if (expected is not null && File.ReadAllBytes(target) is var present
                && !present.AsSpan().SequenceEqual(expected))
                return present.AsSpan().SequenceEqual(content) ? false
                    : throw new IOException("the file was changed while the notebook ran, so nothing was saved. "
                        + "Run it again.");
            File.Move(temporary, target, overwrite: true);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Makes sure that the file can be replaced: tries it with a file beside it, deleted at once.</summary>
    public static void RequireReplaceable(string path)
    {
        var target = Target(path);
        RequireAllowed(target);
        RequireWritable(Path.GetDirectoryName(target)!, trial => KeepStatus(target, trial));
    }

    /// <summary>Makes sure that files can be made in a folder: tries it with one that is deleted at once.</summary>
    public static void RequireWritable(string folder, Action<string>? use = null)
    {
        var trial = Unfinished(folder);
        using (File.Create(trial, 1, FileOptions.DeleteOnClose)) use?.Invoke(trial);
    }

    /// <summary>Whether a file is one that was being written when its process was killed.</summary>
    public static bool IsUnfinished(string path) => UnfinishedName().IsMatch(Path.GetFileName(path));

    // Renaming asks the folder alone, and root nobody. Other names of the file would keep the old content.
    private static void RequireAllowed(string target)
    {
        var isReadOnly = OperatingSystem.IsWindows() ? new FileInfo(target).IsReadOnly
            : !File.GetUnixFileMode(target).HasFlag(UnixFileMode.UserWrite);
        if (isReadOnly) throw new IOException("the file is read-only. Make it writable to save it.");
        var status = FileStatus.Of(target);
        if (status is { Names: > 1 })
            throw new IOException($"the file has {status.Value.Names} names (hard links), and saving would part them. "
                + "Copy it to a file of its own.");
        if (status is { IsMountPoint: true })
            throw new IOException("the file is mounted by itself, and so cannot be replaced as a whole. "
                + "Mount its folder instead.");
        File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
    }

    // Short, since the file's own name may be as long as names can be.
    private static string Unfinished(string folder) => Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");

    [GeneratedRegex(@"^\.[a-z0-9]{8}\.[a-z0-9]{3}\.tmp\z")]
    private static partial Regex UnfinishedName();

    private static string Target(string path) =>
        (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null)?.FullName ?? path;

    // The owner first, since the system takes rights away with it; the mode last, since a folder may hand down a list.
    private static void KeepStatus(string target, string temporary)
    {
        if (!File.Exists(target)) return;
        if (FileStatus.Of(target) is { } old && FileStatus.Of(temporary) is { } made
            && (old.Owner, old.Group) != (made.Owner, made.Group) && !old.GiveTo(temporary))
            throw new IOException("the file belongs to another user or group, which saving would change.");
        ExtendedAttributes.Copy(target, temporary);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
    }
}
