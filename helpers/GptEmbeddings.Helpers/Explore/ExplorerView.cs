namespace GptEmbeddings;

/// <summary>
/// A view that the reader changes without a kernel: HTML that a script makes answer to clicks, touch and keys.
/// Without scripts its text, what it shows at first, stands there, and in a saved notebook a picture of it.
/// </summary>
public sealed class ExplorerView : View
{
    private readonly string _html;

    /// <summary>Makes a view.</summary>
    /// <param name="kind">Which explorer, and so which script: <c>lookup-and-add</c>.</param>
    /// <param name="title">What it shows, in a few words.</param>
    /// <param name="text">What stands for it as plain text; its first lines say what it shows.</param>
    /// <param name="data">What the script computes with, to be written as JSON.</param>
    internal ExplorerView(string kind, string title, string text, object data) : base(title)
    {
        Text = text;
        _html = ExplorerHtml.Write(kind, Name!, text, data);
    }

    /// <summary>The text in a <c>pre</c>, which a script replaces by the explorer. It makes
    /// no request.</summary>
    public override string ToHtml() => _html;
}
