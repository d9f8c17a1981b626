using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>The program with which the reader reads long texts in a terminal: $PAGER, else less where it is.</summary>
internal static class Pager
{
    private const string Less = "command -v less > /dev/null || exit 127; exec less -R";
    private const int CannotRun = 126, NotFound = 127;

    private static volatile bool _isOpen;

    /// <summary>Whether the reader is reading: Ctrl-C then is for the pager.</summary>
    public static bool IsOpen => _isOpen;

    /// <summary>Shows a text until the reader has enough; false where there is no pager.</summary>
    public static bool Show(string text)
    {
        var command = Environment.GetEnvironmentVariable("PAGER") ?? Less;
        if (OperatingSystem.IsWindows() || Console.IsInputRedirected || string.IsNullOrWhiteSpace(command)
            || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb") return false;
        var start = new ProcessStartInfo("/bin/sh", ["-c", command])
        {
            RedirectStandardInput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        // Without it, less shows colors as codes.
        start.Environment.TryAdd("LESS", "-R");
        _isOpen = true;
        try
        {
            using var pager = Process.Start(start)!;
            Write(pager.StandardInput, text);
            pager.WaitForExit();
            return pager.ExitCode is not (CannotRun or NotFound);
        }
        catch (Win32Exception)
        {
            return false;
        }
        finally
        {
            _isOpen = false;
        }
    }

    private static void Write(StreamWriter pager, string text)
    {
        try
        {
            using (pager) pager.Write(text);
        }
        catch (IOException)
        {
            // The reader has enough.
        }
    }
}
