using System.Runtime.CompilerServices;

namespace GptEmbeddings;

/// <summary>How <see cref="TensorText"/> prints: the settings of PyTorch's <c>torch.set_printoptions</c>.</summary>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range, also in <c>with</c>.</exception>
public sealed record PrintOptions
{
    // No double has a digit after the 1074th but zeros.
    private const int MostDigits = 10_000;

    private readonly int _precision = 4;
    private readonly long _threshold = 1000;
    private readonly int _edgeItems = 3;
    private readonly int _lineWidth = 80;

    /// <summary>Four digits, at most 1000 elements, three items at each edge.</summary>
    public static PrintOptions Default { get; } = new();

#pragma warning disable CA1720 // The name is PyTorch's, not that of a type.
    /// <summary>Two digits, at most 1000 elements, two items at each edge.</summary>
    public static PrintOptions Short => new() { Precision = 2, EdgeItems = 2 };
#pragma warning restore CA1720

    /// <summary>Four digits, every element.</summary>
    public static PrintOptions Full => new() { Threshold = long.MaxValue };

    /// <summary>Digits after the decimal point, 0 to 10,000. PyTorch has no limit but memory.</summary>
    public int Precision
    {
        get => _precision;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostDigits, nameof(Precision));
            _precision = AtLeast(0, value);
        }
    }

    /// <summary>A tensor with more elements is summarized; 0 or more, <see cref="long.MaxValue"/> for never.</summary>
    public long Threshold { get => _threshold; init => _threshold = AtLeast(0, value); }

    /// <summary>Items that a summary shows at the start and at the end of each dimension; with 0 it is
    /// <c>[...]</c>, and every size is told.</summary>
    public int EdgeItems { get => _edgeItems; init => _edgeItems = AtLeast(0, value); }

    /// <summary>Characters after which a line is wrapped, 1 or more.</summary>
    public int LineWidth { get => _lineWidth; init => _lineWidth = AtLeast(1, value); }

    /// <summary>Scientific notation always (true), never (false), or when the values call for it (null).</summary>
    public bool? SciMode { get; init; }

    private static T AtLeast<T>(T least, T value, [CallerMemberName] string property = "")
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, property);
        return value;
    }
}
