namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Replaces or makes a file so that at every moment it is wholly the old one or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the file, flushes to disk and renames. The mode stays; a link stays a link.</summary>
    /// <exception cref="IOException">The folder cannot be written to; the file is as it was.</exception>
    public static void Replace(string path, byte[] content)
    {
        var link = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null;
        var target = link?.FullName ?? path;
        var temporary = Path.Combine(
            Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew))
            {
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
}
