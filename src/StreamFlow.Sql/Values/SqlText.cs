using System.Globalization;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Values;

/// <summary>Text forms of values as CAST to STRING and the JSON format write them.</summary>
public static class SqlText
{
    /// <summary>
    /// DOUBLE as Java prints it: at least one digit after the point, an exponent outside 10^-3 … 10^7 (<c>1.0E10</c>).
    /// </summary>
    /// <param name="value">The number.</param>
    public static string Of(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "Infinity" : "-Infinity";
        }

        var magnitude = Math.Abs(value);
        if (magnitude == double.Epsilon)
        {
            // Java shows at least two digits, and of those that mean the smallest number it takes the nearest.
            return value > 0 ? "4.9E-324" : "-4.9E-324";
        }

        if (magnitude == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0.0";
        }

        return magnitude is >= 1e-3 and < 1e7 ? Plain(value) : Scientific(value);
    }

    /// <summary>BOOLEAN as <c>true</c> or <c>false</c>.</summary>
    /// <param name="value">The value.</param>
    public static string Of(bool value) => value ? "true" : "false";

    /// <summary>INT in digits.</summary>
    /// <param name="value">The value.</param>
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>BIGINT in digits.</summary>
    /// <param name="value">The value.</param>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The text of any SQL value; <c>null</c> for null, BYTES as base64, STRUCT as its row type prints itself.</summary>
    /// <typeparam name="T">CLR type of the value.</typeparam>
    /// <param name="value">The value.</param>
    public static string OfNullable<T>(T value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => Of(flag),
        int number => Of(number),
        long number => Of(number),
        double number => Of(number),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => value.ToString() ?? "null",
    };

    /// <summary>STRUCT as <c>Struct{A=1,B=x}</c>, null fields left out; what a row type's ToString returns.</summary>
    /// <typeparam name="TRow">The row struct.</typeparam>
    /// <param name="row">The value.</param>
    public static string OfRow<TRow>(in TRow row)
        where TRow : struct, IRow<TRow> => TextColumnWriter.Print(row);

    private static string Plain(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal))
        {
            text = value.ToString("0.####################", CultureInfo.InvariantCulture);
        }

        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    private static string Scientific(double value)
    {
        // "R" gives the shortest digits; the point and the exponent are then placed as Java places them.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = e >= 0 ? text[..e] : text;
        var exponent = e >= 0 ? int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var sign = mantissa[0] == '-' ? "-" : string.Empty;
        mantissa = mantissa.TrimStart('-');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        exponent += (point >= 0 ? point : mantissa.Length) - 1;
        var lead = digits.TakeWhile(c => c == '0').Count();
        digits = digits[lead..].TrimEnd('0');
        exponent -= lead;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}");
    }
}
