using System.Globalization;

namespace GptEmbeddings;

/// <summary>A shape, shown as PyTorch prints it: <c>torch.Size([6, 4])</c>.</summary>
public sealed class ShapeView : View
{
    internal ShapeView(IEnumerable<long> shape, string? name)
        : base(name) =>
        Text = $"torch.Size([{string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}])";

    /// <inheritdoc/>
    public override string ToHtml() => Html.Block(Name, Html.Encode(Text));
}
