using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Numeric functions (section 17.1 of the language reference).</summary>
public static class MathFunctions
{
    private const string Category = "MATHEMATICAL";

    /// <summary>Absolute value.</summary>
    [SqlFunction("ABS", Category = Category, Description = "Absolute value.")]
    public static int Abs(int value) => value < 0 ? unchecked(-value) : value;

    /// <summary>Absolute value.</summary>
    [SqlFunction("ABS", Category = Category)]
    public static long Abs(long value) => value < 0 ? unchecked(-value) : value;

    /// <summary>Absolute value.</summary>
    [SqlFunction("ABS", Category = Category)]
    public static double Abs(double value) => Math.Abs(value);

    /// <summary>Absolute value.</summary>
    [SqlFunction("ABS", Category = Category)]
    public static SqlDecimal Abs(SqlDecimal value) => SqlDecimal.Abs(value);

    /// <summary>Rounds up to a whole number.</summary>
    [SqlFunction("CEIL", Category = Category, Description = "Rounds up to a whole number.")]
    public static int Ceil(int value) => value;

    /// <summary>Rounds up to a whole number.</summary>
    [SqlFunction("CEIL", Category = Category)]
    public static long Ceil(long value) => value;

    /// <summary>Rounds up to a whole number.</summary>
    [SqlFunction("CEIL", Category = Category)]
    public static double Ceil(double value) => Math.Ceiling(value);

    /// <summary>Rounds up to a whole number of the same scale.</summary>
    [SqlFunction("CEIL", Category = Category)]
    public static SqlDecimal Ceil(SqlDecimal value) => value.Rescale(0, SqlRounding.Ceiling).Rescale(value.Scale);

    /// <summary>Rounds down to a whole number.</summary>
    [SqlFunction("FLOOR", Category = Category, Description = "Rounds down to a whole number.")]
    public static int Floor(int value) => value;

    /// <summary>Rounds down to a whole number.</summary>
    [SqlFunction("FLOOR", Category = Category)]
    public static long Floor(long value) => value;

    /// <summary>Rounds down to a whole number.</summary>
    [SqlFunction("FLOOR", Category = Category)]
    public static double Floor(double value) => Math.Floor(value);

    /// <summary>Rounds down to a whole number of the same scale.</summary>
    [SqlFunction("FLOOR", Category = Category)]
    public static SqlDecimal Floor(SqlDecimal value) => value.Rescale(0, SqlRounding.Floor).Rescale(value.Scale);

    /// <summary>Rounds to a whole number, halves toward positive infinity.</summary>
    [SqlFunction("ROUND", Category = Category, Description = "Rounds to the nearest number of the given places, halves toward +infinity.")]
    public static long Round(long value) => value;

    /// <summary>Rounds to a whole number, halves toward positive infinity.</summary>
    [SqlFunction("ROUND", Category = Category)]
    public static long Round(double value)
    {
        var floor = Math.Floor(value);
        return SqlCast.ToInt64(value - floor >= 0.5 ? floor + 1 : floor);
    }

    /// <summary>Rounds to decimal places; negative places round left of the point.</summary>
    [SqlFunction("ROUND", Category = Category)]
    public static double Round(double value, int places) => AtPlaces(value, places, SqlRounding.HalfTowardPositive);

    /// <summary>Rounds to a whole number, halves toward positive infinity.</summary>
    [SqlFunction("ROUND", Category = Category, DecimalResult = DecimalResult.Integral)]
    public static SqlDecimal Round(SqlDecimal value) => value.Rescale(0, SqlRounding.HalfTowardPositive);

    /// <summary>Rounds to decimal places and keeps the scale.</summary>
    [SqlFunction("ROUND", Category = Category)]
    public static SqlDecimal Round(SqlDecimal value, int places) => AtPlaces(value, places, SqlRounding.HalfTowardPositive);

    /// <summary>Cuts off the fraction.</summary>
    [SqlFunction("TRUNC", Category = Category, Description = "Cuts digits off after the given places.")]
    public static long Trunc(long value) => value;

    /// <summary>Cuts off the fraction.</summary>
    [SqlFunction("TRUNC", Category = Category)]
    public static long Trunc(double value) => SqlCast.ToInt64(value);

    /// <summary>Cuts digits off after decimal places; negative places cut left of the point.</summary>
    [SqlFunction("TRUNC", Category = Category)]
    public static double Trunc(double value, int places) => AtPlaces(value, places, SqlRounding.Down);

    /// <summary>Cuts off the fraction.</summary>
    [SqlFunction("TRUNC", Category = Category, DecimalResult = DecimalResult.Integral)]
    public static SqlDecimal Trunc(SqlDecimal value) => value.Rescale(0, SqlRounding.Down);

    /// <summary>Cuts digits off and keeps the scale.</summary>
    [SqlFunction("TRUNC", Category = Category)]
    public static SqlDecimal Trunc(SqlDecimal value, int places) => AtPlaces(value, places, SqlRounding.Down);

    /// <summary>e to the power of the value.</summary>
    [SqlFunction("EXP", Category = Category, Description = "e to the power of the value.")]
    public static double Exp(double value) => Math.Exp(value);

    /// <summary>Natural logarithm.</summary>
    [SqlFunction("LN", Category = Category, Description = "Natural logarithm.")]
    public static double Ln(double value) => Math.Log(value);

    /// <summary>Natural logarithm.</summary>
    [SqlFunction("LOG", Category = Category, Description = "Logarithm: natural, or in the base given first.")]
    public static double Log(double value) => Math.Log(value);

    /// <summary>Logarithm in a base; NaN for a base of 1 or not above 0.</summary>
    [SqlFunction("LOG", Category = Category)]
    public static double Log(double @base, double value) => @base <= 0 || @base == 1 ? double.NaN : Math.Log(value) / Math.Log(@base);

    /// <summary>Base to the power of the exponent.</summary>
    [SqlFunction("POWER", Category = Category, Description = "Base to the power of the exponent.")]
    public static double Power(double @base, double exponent) => Math.Pow(@base, exponent);

    /// <summary>Square root; NaN for negatives.</summary>
    [SqlFunction("SQRT", Category = Category, Description = "Square root.")]
    public static double Sqrt(double value) => Math.Sqrt(value);

    /// <summary>Cube root.</summary>
    [SqlFunction("CBRT", Category = Category, Description = "Cube root.")]
    public static double Cbrt(double value) => Math.Cbrt(value);

    /// <summary>-1, 0 or 1.</summary>
    [SqlFunction("SIGN", Category = Category, Description = "-1, 0 or 1.")]
    public static int Sign(int value) => Math.Sign(value);

    /// <summary>-1, 0 or 1.</summary>
    [SqlFunction("SIGN", Category = Category)]
    public static int Sign(long value) => Math.Sign(value);

    /// <summary>-1, 0 or 1; NaN is 0.</summary>
    [SqlFunction("SIGN", Category = Category)]
    public static int Sign(double value) => double.IsNaN(value) ? 0 : Math.Sign(value);

    /// <summary>The ratio of a circle's circumference to its diameter.</summary>
    [SqlFunction("PI", Category = Category, Description = "The number pi.")]
    public static double Pi() => Math.PI;

    /// <summary>A number from [0, 1).</summary>
    [SqlFunction("RANDOM", Category = Category, Description = "A random number from [0, 1).")]
    public static double Random(SqlFunctionContext context) => context.Random.NextDouble();

    /// <summary>The largest value; nulls are skipped.</summary>
    [SqlFunction(
        "GREATEST", Category = Category, Ordered = true, Uniform = true, Description = "The largest of its arguments; nulls are skipped.")]
    public static T Greatest<T>(T first, params ReadOnlySpan<T> rest)
    {
        foreach (var value in rest)
        {
            first = first is null || (value is not null && SqlOrder<T>.Compare(value, first) > 0) ? value : first;
        }

        return first;
    }

    /// <summary>The smallest value; nulls are skipped.</summary>
    [SqlFunction(
        "LEAST", Category = Category, Ordered = true, Uniform = true, Description = "The smallest of its arguments; nulls are skipped.")]
    public static T Least<T>(T first, params ReadOnlySpan<T> rest)
    {
        foreach (var value in rest)
        {
            first = first is null || (value is not null && SqlOrder<T>.Compare(value, first) < 0) ? value : first;
        }

        return first;
    }

    private static double AtPlaces(double value, int places, SqlRounding rounding) =>
        double.IsFinite(value) ? AtPlaces(SqlDecimal.FromDouble(value), places, rounding).ToDouble() : value;

    private static SqlDecimal AtPlaces(SqlDecimal value, int places, SqlRounding rounding)
    {
        if (places >= value.Scale)
        {
            return value;
        }

        if (places >= 0)
        {
            return value.Rescale(places, rounding).Rescale(value.Scale);
        }

        var unit = SqlDecimal.Pow10(Math.Min(-places, 10_000));
        var units = SqlDecimal.DivideRounded(value.Unscaled, unit * SqlDecimal.Pow10(value.Scale), rounding);
        return new SqlDecimal(units * unit, 0).Rescale(value.Scale);
    }
}
