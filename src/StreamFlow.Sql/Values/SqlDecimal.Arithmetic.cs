using System.Numerics;

namespace StreamFlow.Sql.Values;

/// <content>Arithmetic with the dialect's result types (section "Expressions" of the language reference).</content>
public readonly partial struct SqlDecimal
{
    /// <summary>Exact sum with the larger of both scales.</summary>
    public static SqlDecimal operator +(SqlDecimal left, SqlDecimal right)
    {
        if (left.Scale == right.Scale && left._big is null && right._big is null)
        {
            var sum = unchecked(left._small + right._small);
            if (((left._small ^ sum) & (right._small ^ sum)) >= 0)
            {
                return new SqlDecimal(sum, left.Scale);
            }
        }

        var scale = Math.Max(left.Scale, right.Scale);
        return new SqlDecimal(left.Rescale(scale).Unscaled + right.Rescale(scale).Unscaled, scale);
    }

    /// <summary>Exact difference with the larger of both scales.</summary>
    public static SqlDecimal operator -(SqlDecimal left, SqlDecimal right) => left + -right;

    /// <summary>The negated number.</summary>
    public static SqlDecimal operator -(SqlDecimal value) => value._big is null && value._small != Int128.MinValue
        ? new SqlDecimal(-value._small, value.Scale)
        : new SqlDecimal(-value.Unscaled, value.Scale);

    /// <summary>Exact product; the scales add up.</summary>
    public static SqlDecimal operator *(SqlDecimal left, SqlDecimal right)
    {
        if (left._big is null && right._big is null && FitsLong(left._small) && FitsLong(right._small))
        {
            return new SqlDecimal(left._small * right._small, left.Scale + right.Scale);
        }

        return new SqlDecimal(left.Unscaled * right.Unscaled, left.Scale + right.Scale);
    }

    /// <summary>Numeric equality.</summary>
    public static bool operator ==(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) == 0;

    /// <summary>Numeric inequality.</summary>
    public static bool operator !=(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) != 0;

    /// <summary>Numeric order.</summary>
    public static bool operator <(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) < 0;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) <= 0;

    /// <summary>Numeric order.</summary>
    public static bool operator >(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) > 0;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// Sum as DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>), the type the planner computed for <c>+</c>.
    /// </summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    /// <param name="precision">Precision of the result type.</param>
    /// <param name="scale">Scale of the result type.</param>
    /// <exception cref="SqlEvaluationException">The exact result does not fit the type.</exception>
    public static SqlDecimal Add(SqlDecimal left, SqlDecimal right, int precision, int scale) => (left + right).Exactly(precision, scale);

    /// <summary>Difference as DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>).</summary>
    /// <inheritdoc cref="Add"/>
    public static SqlDecimal Subtract(SqlDecimal left, SqlDecimal right, int precision, int scale) =>
        (left - right).Exactly(precision, scale);

    /// <summary>Product as DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>).</summary>
    /// <inheritdoc cref="Add"/>
    public static SqlDecimal Multiply(SqlDecimal left, SqlDecimal right, int precision, int scale) =>
        (left * right).Exactly(precision, scale);

    /// <summary>Quotient as DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>); it must be exact.</summary>
    /// <param name="left">Dividend.</param>
    /// <param name="right">Divisor.</param>
    /// <param name="precision">Precision of the result type.</param>
    /// <param name="scale">Scale of the result type.</param>
    /// <exception cref="SqlEvaluationException">Division by zero, or the quotient has more digits than the type.</exception>
    public static SqlDecimal Divide(SqlDecimal left, SqlDecimal right, int precision, int scale)
    {
        if (right.Sign == 0)
        {
            throw new SqlEvaluationException("Division by zero.");
        }

        // left/10^sl / (right/10^sr) at the wanted scale: left * 10^(scale + sr - sl) / right.
        var shift = scale + right.Scale - left.Scale;
        var numerator = shift >= 0 ? left.Unscaled * Pow10(shift) : left.Unscaled;
        var denominator = shift >= 0 ? right.Unscaled : right.Unscaled * Pow10(-shift);
        return new SqlDecimal(DivideRounded(numerator, denominator, SqlRounding.Unnecessary), scale).Exactly(precision, scale);
    }

    /// <summary>Remainder (sign of the dividend) as DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>).</summary>
    /// <param name="left">Dividend.</param>
    /// <param name="right">Divisor.</param>
    /// <param name="precision">Precision of the result type.</param>
    /// <param name="scale">Scale of the result type.</param>
    /// <exception cref="SqlEvaluationException">Division by zero, or the remainder does not fit the type.</exception>
    public static SqlDecimal Remainder(SqlDecimal left, SqlDecimal right, int precision, int scale)
    {
        if (right.Sign == 0)
        {
            throw new SqlEvaluationException("Division by zero.");
        }

        var common = Math.Max(left.Scale, right.Scale);
        var rest = BigInteger.Remainder(left.Rescale(common).Unscaled, right.Rescale(common).Unscaled);
        return new SqlDecimal(rest, common).Exactly(precision, scale);
    }

    /// <summary>Absolute value.</summary>
    /// <param name="value">The number.</param>
    public static SqlDecimal Abs(SqlDecimal value) => value.Sign < 0 ? -value : value;

    private SqlDecimal Exactly(int precision, int scale)
    {
        var rescaled = Rescale(scale, SqlRounding.Unnecessary);
        return rescaled.Precision <= precision || rescaled.Sign == 0
            ? rescaled
            : throw new SqlEvaluationException($"The result {this} does not fit DECIMAL({precision}, {scale}).");
    }

    private static bool FitsLong(Int128 value) => value >= long.MinValue && value <= long.MaxValue;
}
