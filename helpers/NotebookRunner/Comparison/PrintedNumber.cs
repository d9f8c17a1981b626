using System.Globalization;
using System.Numerics;

namespace GptEmbeddings.NotebookRunner.Comparison;

/// <summary>A number as it is printed. Its digits say how exact it is meant to be.</summary>
internal sealed class PrintedNumber
{
    // One part in so many may differ: 0.1 %.
    private const int Parts = 1000;

    private readonly BigInteger _digits;
    private readonly int _place;
    private readonly bool _finite;

    /// <summary>Reads digits, perhaps with sign, separators, decimals and exponent; or <c>nan</c>.</summary>
    public PrintedNumber(string text, int start)
    {
        (Text, Start) = (text, start);
        // Digits of another script are compared as words are.
        _finite = text.Any(char.IsAsciiDigit) && text.Where(char.IsDigit).All(char.IsAsciiDigit);
        if (!_finite) return;
        var plain = text.Replace(",", "", StringComparison.Ordinal).Replace('−', '-').Split('e', 'E');
        var parts = plain[0].Split('.');
        var decimals = parts.Length > 1 ? parts[1].Length : 0;
        _digits = BigInteger.Parse(string.Concat(parts), CultureInfo.InvariantCulture);
        _place = (plain.Length > 1 ? int.Parse(plain[1], CultureInfo.InvariantCulture) : 0) - decimals;
        IsRounded = decimals > 0 || plain.Length > 1;
    }

    public string Text { get; }

    /// <summary>Where it begins in the text around it.</summary>
    public int Start { get; }

    /// <summary>Whether it has decimals or an exponent: others count something, or are meant exactly.</summary>
    public bool IsRounded { get; }

    /// <summary>How far it is from 0.</summary>
    public double Magnitude => Math.Abs(Value);

    /// <summary>
    /// Whether two numbers may be the same result on two processors: equal if one of them is whole, otherwise within
    /// one unit of the last digit of the coarser, and within 0.1 % of a third, the largest of those that they are
    /// among. A number that is not finite agrees with none but itself.
    /// </summary>
    public bool Agrees(PrintedNumber other, PrintedNumber largest)
    {
        if (!_finite || !other._finite) return Text == other.Text;
        var fine = Math.Min(largest._place, Math.Min(_place, other._place));
        var distance = BigInteger.Abs(At(fine) - other.At(fine));
        return distance.IsZero || (IsRounded && other.IsRounded
            && distance <= BigInteger.Pow(10, Math.Max(_place, other._place) - fine)
            && distance * Parts <= BigInteger.Abs(largest.At(fine)));
    }

    /// <summary>Whether the two are no further apart than a share of the largest of them and several others.</summary>
    public bool Agrees(PrintedNumber other, double share, params IEnumerable<PrintedNumber> several) =>
        _finite && other._finite && (IsRounded || other.IsRounded)
        && Figures.Near(Value, other.Value, share * several.Append(other).Append(this).Max(number => number.Magnitude));

    private double Value => (double)_digits * Math.Pow(10, _place);

    private BigInteger At(int place) => _digits * BigInteger.Pow(10, _place - place);
}
