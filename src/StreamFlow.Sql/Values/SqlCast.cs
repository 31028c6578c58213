using System.Globalization;

namespace StreamFlow.Sql.Values;

/// <summary>
/// CAST and implicit widening over non-null values, one overload per pair of types; callers pass nulls through.
/// ARRAY and MAP are cast element by element with <see cref="SqlArray{T}.Map"/> and <see cref="SqlMap{TKey,TValue}.Map"/>.
/// </summary>
/// <remarks>Every method that reads text throws <see cref="SqlEvaluationException"/> when the text is not of the type.</remarks>
public static class SqlCast
{
    /// <summary>BIGINT to INT; wraps.</summary>
    /// <param name="value">The value.</param>
    public static int ToInt32(long value) => unchecked((int)value);

    /// <summary>DOUBLE to INT; truncates, saturates, NaN is 0.</summary>
    /// <param name="value">The value.</param>
    public static int ToInt32(double value) => double.IsNaN(value) ? 0 : (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    /// <summary>DECIMAL to INT; truncates and wraps.</summary>
    /// <param name="value">The value.</param>
    public static int ToInt32(SqlDecimal value) => value.ToInt32();

    /// <summary>STRING to INT; white space around the number is ignored.</summary>
    /// <param name="text">The text.</param>
    public static int ToInt32(string text) =>
        int.TryParse(Trim(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw NotA("INTEGER", text);

    /// <summary>INT to BIGINT.</summary>
    /// <param name="value">The value.</param>
    public static long ToInt64(int value) => value;

    /// <summary>DOUBLE to BIGINT; truncates, saturates, NaN is 0.</summary>
    /// <param name="value">The value.</param>
    public static long ToInt64(double value) => value switch
    {
        double.NaN => 0,
        >= long.MaxValue => long.MaxValue,
        <= long.MinValue => long.MinValue,
        _ => (long)value,
    };

    /// <summary>DECIMAL to BIGINT; truncates and wraps.</summary>
    /// <param name="value">The value.</param>
    public static long ToInt64(SqlDecimal value) => value.ToInt64();

    /// <summary>STRING to BIGINT; white space around the number is ignored.</summary>
    /// <param name="text">The text.</param>
    public static long ToInt64(string text) =>
        long.TryParse(Trim(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw NotA("BIGINT", text);

    /// <summary>INT to DOUBLE.</summary>
    /// <param name="value">The value.</param>
    public static double ToDouble(int value) => value;

    /// <summary>BIGINT to DOUBLE, the nearest one.</summary>
    /// <param name="value">The value.</param>
    public static double ToDouble(long value) => value;

    /// <summary>DECIMAL to DOUBLE, the nearest one.</summary>
    /// <param name="value">The value.</param>
    public static double ToDouble(SqlDecimal value) => value.ToDouble();

    /// <summary>STRING to DOUBLE; NaN and infinities, also by overflow, are errors.</summary>
    /// <param name="text">The text.</param>
    public static double ToDouble(string text) =>
        double.TryParse(Trim(text), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw NotA("DOUBLE", text);

    /// <summary>INT to DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>).</summary>
    /// <param name="value">The value.</param>
    /// <param name="precision">Precision of the type.</param>
    /// <param name="scale">Scale of the type.</param>
    /// <exception cref="SqlEvaluationException">The number does not fit the type.</exception>
    public static SqlDecimal ToDecimal(int value, int precision, int scale) => SqlDecimal.FromInt64(value).ToType(precision, scale);

    /// <summary>BIGINT to DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>).</summary>
    /// <inheritdoc cref="ToDecimal(int, int, int)"/>
    public static SqlDecimal ToDecimal(long value, int precision, int scale) => SqlDecimal.FromInt64(value).ToType(precision, scale);

    /// <summary>DOUBLE to DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>), rounding HALF_UP.</summary>
    /// <inheritdoc cref="ToDecimal(int, int, int)"/>
    public static SqlDecimal ToDecimal(double value, int precision, int scale) => SqlDecimal.FromDouble(value).ToType(precision, scale);

    /// <summary>DECIMAL to DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>), rounding HALF_UP.</summary>
    /// <inheritdoc cref="ToDecimal(int, int, int)"/>
    public static SqlDecimal ToDecimal(SqlDecimal value, int precision, int scale) => value.ToType(precision, scale);

    /// <summary>STRING to DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>), rounding HALF_UP.</summary>
    /// <param name="text">The text.</param>
    /// <param name="precision">Precision of the type.</param>
    /// <param name="scale">Scale of the type.</param>
    public static SqlDecimal ToDecimal(string text, int precision, int scale) => SqlDecimal.Parse(Trim(text)).ToType(precision, scale);

    /// <summary>STRING to BOOLEAN: prefixes of <c>true</c> and <c>yes</c> are true, everything else is false.</summary>
    /// <param name="text">The text.</param>
    public static bool ToBoolean(string text)
    {
        var word = Trim(text);
        return word.Length > 0 && (IsPrefix(word, "true") || IsPrefix(word, "yes"));
    }

    /// <summary>STRING (base64) to BYTES.</summary>
    /// <param name="text">The text.</param>
    public static byte[] ToBytes(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new SqlEvaluationException($"'{text}' is not base64.", e);
        }
    }

    /// <summary>STRING to DATE; missing parts are 01: <c>2020</c> is 2020-01-01.</summary>
    /// <param name="text">The text.</param>
    public static SqlDate ToDate(string text) => IsoText.ParseDate(text);

    /// <summary>TIMESTAMP to DATE: the day in UTC.</summary>
    /// <param name="value">The value.</param>
    public static SqlDate ToDate(SqlTimestamp value) => value.ToDate();

    /// <summary>STRING to TIME: <c>HH:mm[:ss[.SSS]]</c>.</summary>
    /// <param name="text">The text.</param>
    public static SqlTime ToTime(string text) => IsoText.ParseTime(text);

    /// <summary>TIMESTAMP to TIME: the time of day in UTC.</summary>
    /// <param name="value">The value.</param>
    public static SqlTime ToTime(SqlTimestamp value) => value.ToTime();

    /// <summary>STRING to TIMESTAMP; missing parts are zero, a zone <c>Z</c> or <c>±HHmm</c> may follow.</summary>
    /// <param name="text">The text.</param>
    public static SqlTimestamp ToTimestamp(string text) => IsoText.ParseTimestamp(text);

    /// <summary>DATE to TIMESTAMP: midnight UTC.</summary>
    /// <param name="value">The value.</param>
    public static SqlTimestamp ToTimestamp(SqlDate value) => value.ToTimestamp();

    /// <summary>Any value to STRING.</summary>
    /// <typeparam name="T">CLR type of the value.</typeparam>
    /// <param name="value">The value, not null.</param>
    public static string ToText<T>(T value) => SqlText.OfNullable(value);

    private static string Trim(string text) => text.Trim();

    private static bool IsPrefix(string word, string of) => of.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private static SqlEvaluationException NotA(string type, string text) => new($"'{text}' is no {type}.");
}
