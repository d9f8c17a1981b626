namespace GptEmbeddings;

/// <summary>Several views, shown one below the other under their names.</summary>
public sealed class ViewGroup : View
{
    private readonly View[] _views;

    internal ViewGroup(IEnumerable<View> views)
        : base(null)
    {
        _views = [.. views];
        Text = string.Join("\n\n", _views.Select(view => view.Name is null ? $"{view}" : $"{view.Name} =\n{view}"));
    }

    /// <inheritdoc/>
    public override string ToHtml() => string.Join("\n", _views.Select(view => view.ToHtml()));
}
