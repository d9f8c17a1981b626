namespace GptEmbeddings;

/// <summary>
/// What a notebook cell ends on: a value that shows itself alike in every host. .NET Interactive and the runner show
/// both forms, Verso takes <see cref="ToHtml"/>, a console <see cref="ToString"/>.
/// A view is a snapshot: it keeps what the tensor held when the view was made.
/// </summary>
public abstract class View
{
    private protected View(string? name) =>
        Name = name is null ? null
            : string.Join(' ', name.Split(null as char[], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What the value is called, on one line; by default the expression given to <c>Show</c>.</summary>
    public string? Name { get; }

    /// <summary>The value as HTML: inline styles, a script only to draw, the caller's text encoded.</summary>
    public abstract string ToHtml();

    /// <summary>The value as plain text.</summary>
    public override string ToString() => Text;

    private protected string Text { get; init; } = "";
}
