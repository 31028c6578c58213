using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace StreamFlow.Sql.Values;

/// <summary>
/// An exact decimal number: an unscaled integer and a scale (digits after the point, never negative).
/// </summary>
/// <remarks>
/// The unscaled integer lives in an <see cref="Int128"/> while it fits (38 digits), else in a boxed <see cref="BigInteger"/>.
/// <see cref="CompareTo(SqlDecimal)"/> and equality are numeric (<c>1.0 = 1.00</c>); a column's values all carry the column's scale.
/// </remarks>
[SuppressMessage("Design", "CA1036", Justification = "The operators stand in SqlDecimal.Arithmetic.cs.")]
public readonly partial struct SqlDecimal : IEquatable<SqlDecimal>, IComparable<SqlDecimal>, IComparable
{
    private readonly Int128 _small;
    private readonly object? _big;

    /// <summary>Creates the number <c>unscaled / 10^scale</c>.</summary>
    /// <param name="unscaled">The digits as an integer.</param>
    /// <param name="scale">Digits after the point; 0 or more.</param>
    public SqlDecimal(Int128 unscaled, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        _small = unscaled;
        Scale = scale;
    }

    /// <summary>Creates the number <c>unscaled / 10^scale</c> from an integer of any size.</summary>
    /// <param name="unscaled">The digits as an integer.</param>
    /// <param name="scale">Digits after the point; 0 or more.</param>
    public SqlDecimal(BigInteger unscaled, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        Scale = scale;
        if (unscaled >= Min128 && unscaled <= Max128)
        {
            _small = (Int128)unscaled;
        }
        else
        {
            _big = unscaled;
        }
    }

    /// <summary>Creates the number <c>unscaled / 10^scale</c>.</summary>
    /// <param name="unscaled">The digits as an integer.</param>
    /// <param name="scale">Digits after the point; 0 or more.</param>
    public SqlDecimal(long unscaled, int scale)
        : this((Int128)unscaled, scale)
    {
    }

    private static readonly BigInteger Min128 = Int128.MinValue;
    private static readonly BigInteger Max128 = Int128.MaxValue;

    /// <summary>Zero with scale 0.</summary>
    public static SqlDecimal Zero => default;

    /// <summary>Digits after the point.</summary>
    public int Scale { get; }

    /// <summary>The digits as an integer.</summary>
    public BigInteger Unscaled => _big is BigInteger big ? big : (BigInteger)_small;

    /// <summary>Count of significant decimal digits, at least 1 (as Java's BigDecimal counts them).</summary>
    public int Precision => _big is null ? DigitCount(_small) : BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => _big is BigInteger big ? big.Sign : Int128.Sign(_small);

    /// <summary>Whether the unscaled integer fits <see cref="Int128"/>; then <paramref name="unscaled"/> is it.</summary>
    /// <param name="unscaled">The digits as an integer.</param>
    public bool TryGetInt128(out Int128 unscaled)
    {
        unscaled = _small;
        return _big is null;
    }

    /// <summary>Gives the number another scale.</summary>
    /// <param name="scale">The wanted scale.</param>
    /// <param name="rounding">How lost digits are rounded.</param>
    public SqlDecimal Rescale(int scale, SqlRounding rounding = SqlRounding.HalfUp)
    {
        if (scale == Scale)
        {
            return this;
        }

        if (scale > Scale)
        {
            return ScaleUp(scale - Scale);
        }

        return new SqlDecimal(DivideRounded(Unscaled, Pow10(Scale - scale), rounding), scale);
    }

    /// <summary>Gives the number the type DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>), rounding HALF_UP.</summary>
    /// <param name="precision">Most significant digits allowed.</param>
    /// <param name="scale">Digits after the point.</param>
    /// <exception cref="SqlEvaluationException">The rounded number needs more digits.</exception>
    public SqlDecimal ToType(int precision, int scale)
    {
        var rescaled = Rescale(scale);
        return rescaled.Precision <= precision || rescaled.Sign == 0
            ? rescaled
            : throw new SqlEvaluationException($"Numeric field overflow: {this} does not fit DECIMAL({precision}, {scale}).");
    }

    /// <inheritdoc/>
    public int CompareTo(SqlDecimal other)
    {
        if (Scale == other.Scale)
        {
            return _big is null && other._big is null ? _small.CompareTo(other._small) : Unscaled.CompareTo(other.Unscaled);
        }

        var scale = Math.Max(Scale, other.Scale);
        return Rescale(scale).Unscaled.CompareTo(other.Rescale(scale).Unscaled);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is SqlDecimal other
        ? CompareTo(other)
        : obj is null ? 1 : throw new ArgumentException("A SqlDecimal compares with a SqlDecimal.", nameof(obj));

    /// <inheritdoc/>
    public bool Equals(SqlDecimal other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SqlDecimal other && Equals(other);

    /// <summary>Equal numbers hash alike whatever their scale.</summary>
    public override int GetHashCode()
    {
        if (_big is BigInteger big)
        {
            return BigInteger.Divide(big, Pow10(Scale)).GetHashCode();
        }

        // The integral part is the same for 1.0 and 1.00, and one division is cheaper than stripping zeros.
        return Scale == 0 ? ((BigInteger)_small).GetHashCode() : BigInteger.Divide(_small, Pow10(Scale)).GetHashCode();
    }

    /// <summary>Plain digits with the full scale, never an exponent: <c>-10.00</c>.</summary>
    public override string ToString()
    {
        var digits = _big is null
            ? _small.ToString(CultureInfo.InvariantCulture)
            : Unscaled.ToString(CultureInfo.InvariantCulture);
        if (Scale == 0)
        {
            return digits;
        }

        var negative = digits[0] == '-';
        var plain = (negative ? digits[1..] : digits).PadLeft(Scale + 1, '0');
        return string.Concat(negative ? "-" : string.Empty, plain.AsSpan(0, plain.Length - Scale), ".", plain.AsSpan(plain.Length - Scale));
    }

    internal static BigInteger Pow10(int exponent) => exponent < PowersOfTen.Length ? PowersOfTen[exponent] : BigInteger.Pow(10, exponent);

    private static readonly BigInteger[] PowersOfTen = [.. Enumerable.Range(0, 77).Select(e => BigInteger.Pow(10, e))];

    private SqlDecimal ScaleUp(int digits)
    {
        if (_big is null && digits <= 37)
        {
            try
            {
                return new SqlDecimal(checked(_small * (Int128)PowersOfTen[digits]), Scale + digits);
            }
            catch (OverflowException)
            {
                // More than 38 digits: the exact product below holds them.
            }
        }

        return new SqlDecimal(Unscaled * Pow10(digits), Scale + digits);
    }

    private static int DigitCount(Int128 value)
    {
        var rest = value < 0 ? (UInt128)(-(value + 1)) + 1 : (UInt128)value;
        var count = 1;
        while (rest >= 10_000_000_000)
        {
            rest /= 10_000_000_000;
            count += 10;
        }

        for (var low = (ulong)rest; low >= 10; low /= 10)
        {
            count++;
        }

        return count;
    }

    internal static BigInteger DivideRounded(BigInteger value, BigInteger divisor, SqlRounding rounding)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var remainder);
        if (remainder.IsZero)
        {
            return quotient;
        }

        var sign = value.Sign * divisor.Sign;
        var twice = BigInteger.Compare(BigInteger.Abs(remainder) * 2, BigInteger.Abs(divisor));
        return rounding switch
        {
            SqlRounding.Down => quotient,
            SqlRounding.HalfUp => twice >= 0 ? quotient + sign : quotient,
            SqlRounding.HalfTowardPositive => sign > 0 ? (twice >= 0 ? quotient + 1 : quotient) : (twice > 0 ? quotient - 1 : quotient),
            SqlRounding.Ceiling => sign > 0 ? quotient + 1 : quotient,
            SqlRounding.Floor => sign < 0 ? quotient - 1 : quotient,
            _ => throw new SqlEvaluationException("Rounding necessary."),
        };
    }
}
