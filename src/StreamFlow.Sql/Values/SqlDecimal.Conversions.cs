using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace StreamFlow.Sql.Values;

/// <content>Parsing and conversions from and to the other numeric types.</content>
public readonly partial struct SqlDecimal
{
    private const int MaxExponent = 10_000;

    /// <summary>The integer as a decimal of scale 0.</summary>
    /// <param name="value">The integer.</param>
    public static SqlDecimal FromInt64(long value) => new((Int128)value, 0);

    /// <summary>The decimal that the double's shortest text shows (as Java's BigDecimal.valueOf).</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="SqlEvaluationException">NaN or infinite.</exception>
    public static SqlDecimal FromDouble(double value) => double.IsFinite(value)
        ? Parse(value.ToString("R", CultureInfo.InvariantCulture))
        : throw new SqlEvaluationException("NaN and Infinity are no DECIMAL.");

    /// <summary>Reads a number with optional sign, point and exponent; its scale is that of the text.</summary>
    /// <param name="text">The text, without white space around it.</param>
    /// <exception cref="SqlEvaluationException">The text is no number.</exception>
    public static SqlDecimal Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var value) ? value : throw new SqlEvaluationException($"'{text}' is no decimal number.");

    /// <summary>Reads a number with optional sign, point and exponent.</summary>
    /// <param name="text">The text, without white space around it.</param>
    /// <param name="value">The number; its scale is that of the text.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out SqlDecimal value)
    {
        value = default;
        var mantissa = text;
        var exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            mantissa = text[..e];
            if (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs(exponent) > MaxExponent)
            {
                return false;
            }
        }

        if (!TryReadDigits(mantissa, out var unscaled, out var scale))
        {
            return false;
        }

        scale -= exponent;
        value = scale >= 0 ? new SqlDecimal(unscaled, scale) : new SqlDecimal(unscaled * Pow10(-scale), 0);
        return true;
    }

    /// <summary>The nearest double.</summary>
    public double ToDouble()
    {
        // 2^53 over a power of ten up to 10^22 is exact in doubles, so one division rounds correctly.
        if (_big is null && Scale <= 22 && _small >= -(1L << 53) && _small <= 1L << 53)
        {
            return (double)(long)_small / ExactPowers[Scale];
        }

        return double.Parse(ToString(), CultureInfo.InvariantCulture);
    }

    /// <summary>The integral part, wrapped to 64 bits.</summary>
    public long ToInt64() => (long)(ulong)(TruncatedToInteger() & ulong.MaxValue);

    /// <summary>The integral part, wrapped to 32 bits.</summary>
    public int ToInt32() => (int)(uint)(TruncatedToInteger() & uint.MaxValue);

    private BigInteger TruncatedToInteger() => Rescale(0, SqlRounding.Down).Unscaled;

    private static readonly double[] ExactPowers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    [SuppressMessage("Globalization", "CA1305", Justification = "The culture is given.")]
    private static bool TryReadDigits(ReadOnlySpan<char> text, out BigInteger unscaled, out int scale)
    {
        unscaled = default;
        scale = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative || (text.Length > 0 && text[0] == '+'))
        {
            text = text[1..];
        }

        var digits = text;
        var point = text.IndexOf('.');
        if (point >= 0)
        {
            scale = text.Length - point - 1;
            digits = string.Concat(text[..point], text[(point + 1)..]);
        }

        if (digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '9') >= 0
            || !BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out unscaled))
        {
            return false;
        }

        unscaled = negative ? -unscaled : unscaled;
        return true;
    }
}
