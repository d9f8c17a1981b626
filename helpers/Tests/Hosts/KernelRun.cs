using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.DotNet.Interactive.Events;

namespace GptEmbeddings.Tests;

/// <summary>What came of a cell in the kernel.</summary>
/// <param name="events">What the kernel said meanwhile.</param>
internal sealed class KernelRun(IReadOnlyList<KernelEvent> events)
{
    /// <summary>What a notebook would save.</summary>
    public IReadOnlyList<CellOutput> Outputs { get; } = [.. events.Select(Output).OfType<CellOutput>()];

    /// <summary>Everything that an editor shows in red: the compiler's errors and warnings, exceptions.</summary>
    public IReadOnlyList<string> Complaints { get; } =
    [
        .. events.OfType<DiagnosticsProduced>().SelectMany(produced => produced.Diagnostics)
            .Select(found => $"{found.Severity} {found.Code}: {found.Message}"),
        .. events.OfType<ErrorProduced>().Select(produced => produced.Message),
        .. events.OfType<CommandFailed>().Select(failed => failed.Message),
        .. events.OfType<StandardErrorValueProduced>().Select(Text),
    ];

    private static CellOutput? Output(KernelEvent happened) => happened switch
    {
        StandardOutputValueProduced printed => CellOutput.Stream("stdout", Text(printed)),
        StandardErrorValueProduced printed => CellOutput.Stream("stderr", Text(printed)),
        ReturnValueProduced value => CellOutput.Result(Parts(value)),
        DisplayEvent shown => new("display_data", Parts(shown)),
        _ => null,
    };

    private static string Text(DisplayEvent printed) =>
        string.Concat(printed.FormattedValues.Select(value => value.Value));

    private static Dictionary<string, string> Parts(DisplayEvent shown) =>
        shown.FormattedValues.ToDictionary(value => value.MimeType, value => value.Value);
}
