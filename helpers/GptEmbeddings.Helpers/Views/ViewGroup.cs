using System.Text;

namespace GptEmbeddings;

/// <summary>Several views, shown one below the other under their names.</summary>
public sealed class ViewGroup : View
{
    private readonly View[] views;

    internal ViewGroup(IEnumerable<View> views) : base(null) => this.views = [.. views];

    /// <inheritdoc/>
    public override string ToHtml() => string.Join("\n", views.Select(view => view.ToHtml()));

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var view in views)
        {
            if (text.Length > 0) text.Append("\n\n");
            if (view.Name is not null) text.Append(view.Name).Append(" =\n");
            text.Append(view);
        }
        return text.ToString();
    }
}
