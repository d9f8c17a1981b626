using System.Text;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>
/// The folder of a browser that this process starts, deleted at the end. One that a killed process left behind is
/// deleted by the next: a file in it is locked for as long as its owner lives.
/// </summary>
internal sealed class BrowserProfile : IDisposable
{
    private const string Prefix = "gpt-chromium-", Lock = "owner.lock";

    // The longest address of a socket on Linux, and what Chromium adds to its temporary folder for one.
    private const int LongestSocket = 107, OwnSocket = 45;

    private readonly FileStream _lock;

    private BrowserProfile(string folder)
    {
        FullPath = folder;
        _lock = new(Path.Combine(folder, Lock), FileMode.Create, FileAccess.Write, FileShare.None);
    }

    public string FullPath { get; }

    /// <summary>Whether the browser can have its temporary files here, too: what it leaves there when Ctrl-C ends it is
    /// deleted with the folder.</summary>
    public bool HoldsTemporaryFiles =>
        OperatingSystem.IsLinux() && Encoding.UTF8.GetByteCount(FullPath) + OwnSocket <= LongestSocket;

    /// <summary>Makes a folder, and deletes those that nobody owns any more.</summary>
    public static BrowserProfile Create()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*")) DeleteIfLeft(folder);
        return new(Directory.CreateTempSubdirectory(Prefix).FullName);
    }

    public void Dispose()
    {
        // The browser's children may still write for a moment.
        for (var attempt = 1; Directory.Exists(FullPath); attempt++)
            try
            {
                _lock.Dispose();
                Directory.Delete(FullPath, recursive: true);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // The next process that starts a browser tries again.
                if (attempt == 100) return;
                Thread.Sleep(50);
            }
    }

    private static void DeleteIfLeft(string folder)
    {
        try
        {
            using (new FileStream(Path.Combine(folder, Lock), FileMode.Open, FileAccess.Write, FileShare.None))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // In use, another user's, or just being made or deleted.
        }
    }
}
