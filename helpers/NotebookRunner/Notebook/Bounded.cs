using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Reads what is not ours with libraries whose time and depth have no bound of their own.</summary>
internal static partial class Bounded
{
    private const int MostLevels = 100, StackSize = 16 << 20;

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);

    /// <summary>Gives what a function gives, or null where it takes longer than half a minute, which no prose does on
    /// a busy machine either. It then goes on, but keeps nobody waiting.</summary>
    public static T? Run<T>(Func<T?> read)
        where T : class
    {
        var reading = new Task<T?>(read);
        new Thread(reading.RunSynchronously, StackSize) { IsBackground = true }.Start();
        return Task.WaitAny([reading], _longest) < 0 ? null : reading.GetAwaiter().GetResult();
    }

    /// <summary>Whether HTML is nested so little, its styles too, that functions which call themselves can read
    /// it.</summary>
    public static bool IsShallow(string html)
    {
        // Of those AngleSharp's own parser calls itself for the next.
        if (NextInItself().Count(html) > MostLevels) return false;
        using var document = new HtmlParser().ParseDocument(html);
        INode[] level = [document];
        for (var depth = 0; depth < MostLevels && level.Length > 0; depth++)
        {
            if (level.OfType<IElement>().Any(HasDeepStyle)) return false;
            level = [.. level.SelectMany(node => node.ChildNodes)];
        }

        return level.Length == 0;
    }

    [GeneratedRegex("<(?:pre|listing|textarea)", RegexOptions.IgnoreCase)]
    private static partial Regex NextInItself();

    private static bool HasDeepStyle(IElement element) =>
        (element.LocalName == "style" ? element.TextContent : element.GetAttribute("style") ?? "")
            .Count(letter => letter is '(' or '[' or '{') > MostLevels;
}
