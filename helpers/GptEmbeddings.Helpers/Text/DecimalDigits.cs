using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GptEmbeddings;

/// <summary>Writes a double in decimal as Python's format types <c>f</c> and <c>e</c> do.</summary>
/// <remarks>
/// A finite double is exactly <c>m * 2^e</c> with an integer m. Its digits are the integer nearest to
/// <c>m * 2^e * 10^s</c>, computed without error, a tie going to the even neighbor. .NET's own formatting is not used:
/// it is slower, and how it rounds ties depends on the version of the runtime.
/// </remarks>
internal static class DecimalDigits
{
    /// <summary>The longest text has this many characters besides its digits after the point.</summary>
    public const int MostOtherCharacters = 320;

    /// <summary>All digits of a double that are not zero end within this many places after the point.</summary>
    private const int MostDigits = 1074;

    private const int LeastPower = -324;
    private static readonly double[] PowersOfTen =
        [.. Enumerable.Range(LeastPower, 634).Select(n => Math.Pow(10, n))];

    private static readonly UInt128[] WholePowersOfTen =
        [.. Enumerable.Range(0, 38).Select(n => (UInt128)BigInteger.Pow(10, n))];

    /// <summary>Writes like <c>{:.Nf}</c>: <c>-0.1250</c>.</summary>
    /// <param name="value">A finite number.</param>
    /// <param name="precision">Digits after the point, 0 or more.</param>
    /// <param name="destination">Room for precision + <see cref="MostOtherCharacters"/> characters.</param>
    /// <returns>How many characters were written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WriteFixed(double value, int precision, Span<char> destination)
    {
        var (sign, mantissa, exponent) = Split(value);
        var exact = Math.Min(precision, MostDigits);
        destination[0] = '-';

        // The digits start one place too far right: then only those before the point have to move to make room for it.
        var text = destination[sign..];
        var digits = text[1..];
        var count = WriteScaled(mantissa, exponent, exact, digits);
        if (count <= exact)
        {
            var zeros = exact + 1 - count;
            digits[..count].CopyTo(digits[zeros..]);
            digits[..zeros].Fill('0');
            count = exact + 1;
        }

        var whole = count - exact;
        for (var i = 0; i < whole; i++) text[i] = digits[i];
        return sign + WriteFraction(text, whole, exact, precision);
    }

    /// <summary>Writes like <c>{:.Ne}</c>: <c>-1.2500e-01</c>.</summary>
    /// <inheritdoc cref="WriteFixed"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WriteScientific(double value, int precision, Span<char> destination)
    {
        var (sign, mantissa, exponent) = Split(value);
        var exact = Math.Min(precision, MostDigits);
        var power = 0;
        destination[0] = '-';

        var text = destination[sign..];
        var digits = text[1..];
        if (mantissa == 0)
        {
            digits[..(exact + 1)].Fill('0');
        }
        else
        {
            // This may be off by one, and rounding may carry into one more digit: the count of digits tells.
            power = ((exponent + BitOperations.Log2(mantissa)) * 315653) >> 20; // log10(2) * 2^20
            if (Math.Abs(value) >= PowersOfTen[power + 1 - LeastPower]) power++;
            int count;
            while ((count = WriteScaled(mantissa, exponent, exact - power, digits)) != exact + 1)
                power += count > exact ? 1 : -1;
        }

        text[0] = digits[0];
        var length = sign + WriteFraction(text, 1, exact, precision);
        return length + WriteExponent(power, destination[length..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Sign, ulong Mantissa, int Exponent) Split(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var sign = (int)(bits >> 63);
        var biased = (int)(bits >> 52) & 0x7FF;
        var mantissa = bits & ((1UL << 52) - 1);
        if (biased != 0) mantissa |= 1UL << 52;
        else if (mantissa == 0) return (sign, 0, 0);

        // A float32 in a double ends in at least 29 zero bits. Without them most products below fit into 64 bits.
        var zeros = BitOperations.TrailingZeroCount(mantissa);
        return (sign, mantissa >> zeros, Math.Max(biased, 1) - 1075 + zeros);
    }

    /// <summary>Puts the point before the exact digits, and after them the zeros that need no computing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteFraction(Span<char> text, int whole, int exact, int precision)
    {
        if (precision == 0) return whole;
        text[whole] = '.';
        if (precision > exact) text.Slice(whole + 1 + exact, precision - exact).Fill('0');
        return whole + 1 + precision;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteExponent(int power, Span<char> text)
    {
        var (hundreds, rest) = Math.DivRem(Math.Abs(power), 100);
        var count = 0;
        text[count++] = 'e';
        text[count++] = power < 0 ? '-' : '+';
        if (hundreds > 0) text[count++] = (char)('0' + hundreds);
        text[count++] = (char)('0' + rest / 10);
        text[count++] = (char)('0' + rest % 10);
        return count;
    }

    /// <summary>Writes the digits of the integer nearest to <c>mantissa * 2^exponent * 10^scale</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int WriteScaled(ulong mantissa, int exponent, int scale, Span<char> digits)
    {
        // 64 bits do for nearly every float32, 128 bits for most else.
        if (scale is >= 0 and < 20 && exponent is <= 0 and > -64)
        {
            var high = Math.BigMul(mantissa, (ulong)WholePowersOfTen[scale], out var product);
            if (high == 0 && product <= long.MaxValue) return WriteDigits(RoundingShift(product, -exponent), digits);
        }

        var (up, down) = (Math.Max(scale, 0), Math.Max(-scale, 0));
        var (left, right) = (Math.Max(exponent, 0), Math.Max(-exponent, 0));
        if (Math.Max(up, down) < WholePowersOfTen.Length
            && BitOperations.Log2(mantissa) + (int)UInt128.Log2(WholePowersOfTen[up]) + left < 124
            && (int)UInt128.Log2(WholePowersOfTen[down]) + right < 124)
        {
            var numerator = mantissa * WholePowersOfTen[up] << left;
            var rounded = down == 0
                ? RoundingShift(numerator, right)
                : RoundingDivide(numerator, WholePowersOfTen[down] << right);
            return WriteDigits(rounded, digits);
        }

        var bigNumerator = mantissa * BigInteger.Pow(10, up) << left;
        return WriteDigits(RoundingDivide(bigNumerator, BigInteger.Pow(10, down) << right), digits);
    }

    /// <summary><c>value / 2^shift</c> rounded to the nearest, half to even. The highest bit must be 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T RoundingShift<T>(T value, int shift)
        where T : IBinaryInteger<T>
    {
        if (shift == 0) return value;
        var isOdd = (value >> shift) & T.One;
        return (value + (T.One << (shift - 1)) - T.One + isOdd) >> shift;
    }

    /// <summary>The quotient rounded to the nearest, half to even; two bits of room above both numbers.</summary>
    private static T RoundingDivide<T>(T numerator, T denominator)
        where T : IBinaryInteger<T>
    {
        var (quotient, remainder) = T.DivRem(numerator, denominator);
        var beyondHalf = (remainder + remainder).CompareTo(denominator);
        return beyondHalf > 0 || (beyondHalf == 0 && T.IsOddInteger(quotient)) ? quotient + T.One : quotient;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteDigits<T>(T number, Span<char> digits)
        where T : ISpanFormattable
    {
        number.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        return count;
    }
}
