using System.Globalization;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Analysis;

/// <summary>Inserts implicit conversions.</summary>
internal static class Coercion
{
    /// <summary>The expression as a type it coerces to; literals are converted now.</summary>
    public static BoundExpression Widen(BoundExpression value, SqlType target) => value switch
    {
        BoundNull => new BoundNull(target),
        _ when value.Type == target => value,
        BoundLiteral { Value: int i } when target == SqlType.BigInt => new BoundLiteral(target, (long)i),
        BoundLiteral { Value: int i } when target == SqlType.Double => new BoundLiteral(target, (double)i),
        BoundLiteral { Value: long l } when target == SqlType.Double => new BoundLiteral(target, (double)l),
        _ => new BoundCast(value, target),
    };

    /// <summary>A string as a temporal type: a literal is parsed now, any other expression when it is evaluated.</summary>
    public static BoundExpression Temporal(BoundExpression value, SqlType target, SourceSpan span) =>
        value is BoundLiteral { Value: string text } ? new BoundLiteral(target, Parse(text, target, span)) : new BoundCast(value, target);

    /// <summary>A string literal as epoch milliseconds, to compare with ROWTIME and window bounds.</summary>
    public static BoundLiteral ParseInstant(BoundLiteral literal, SourceSpan span) =>
        new(SqlType.BigInt, ((SqlTimestamp)Parse((string)literal.Value, SqlType.Timestamp, span)).Milliseconds);

    /// <summary>The type a list of this type gets when one more item joins it, by the lax rules; null if the item does not fit.</summary>
    public static SqlType? ListType(SqlType list, BoundExpression item)
    {
        var type = item.KnownType;
        if (list == SqlType.String)
        {
            return type == SqlType.String || item is BoundLiteral ? list : null;
        }

        if (SqlCoercion.CommonType(list, type) is { } common)
        {
            return common;
        }

        return item is BoundLiteral { Value: string text } ? TypeOfText(list, text) : null;
    }

    /// <summary>The expression as a list's type; literals are converted by the lax rules.</summary>
    public static BoundExpression Lax(BoundExpression value, SqlType target, SourceSpan span)
    {
        if (value.Type == target)
        {
            return value;
        }

        if (value is BoundLiteral { Value: string text })
        {
            return new BoundLiteral(target, Parse(text, target, span));
        }

        if (value is BoundLiteral literal && target == SqlType.String)
        {
            return new BoundLiteral(target, Text(literal.Value));
        }

        return Widen(value, target);
    }

    /// <summary>Whether a text reads as a BOOLEAN literal: a prefix of true, yes, false or no.</summary>
    public static bool? ParseBoolean(string text)
    {
        var word = text.Trim().ToUpperInvariant();
        return word.Length == 0 ? null
            : "TRUE".StartsWith(word, StringComparison.Ordinal) || "YES".StartsWith(word, StringComparison.Ordinal) ? true
            : "FALSE".StartsWith(word, StringComparison.Ordinal) || "NO".StartsWith(word, StringComparison.Ordinal) ? false
            : null;
    }

    // A number list takes texts that are numbers and grows to hold them.
    private static SqlType? TypeOfText(SqlType list, string text)
    {
        if (list.IsNumeric)
        {
            SqlType? number = SqlDecimal.TryParse(text.Trim(), out var value) ? NumberType(value, text) : null;
            return number is null ? null : SqlCoercion.CommonType(list, number);
        }

        return list.IsTemporal || (list == SqlType.Boolean && ParseBoolean(text) is not null) ? list : null;
    }

    private static SqlType NumberType(SqlDecimal value, string text)
    {
        if (text.Contains('E', StringComparison.OrdinalIgnoreCase))
        {
            return SqlType.Double;
        }

        if (value.Scale > 0)
        {
            return SqlType.Decimal(Math.Max(value.Precision, value.Scale + 1), value.Scale);
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? SqlType.Integer
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? SqlType.BigInt
            : SqlType.Decimal(value.Precision, 0);
    }

    private static object Parse(string text, SqlType target, SourceSpan span)
    {
        try
        {
            return target.BaseType switch
            {
                SqlBaseType.Timestamp => SqlCast.ToTimestamp(text),
                SqlBaseType.Date => SqlCast.ToDate(text),
                SqlBaseType.Time => SqlCast.ToTime(text),
                SqlBaseType.Integer => SqlCast.ToInt32(text),
                SqlBaseType.BigInt => SqlCast.ToInt64(text),
                SqlBaseType.Double => SqlCast.ToDouble(text),
                SqlBaseType.Bytes => SqlCast.ToBytes(text),
                SqlBaseType.Decimal => SqlCast.ToDecimal(text, ((SqlDecimalType)target).Precision, ((SqlDecimalType)target).Scale),
                SqlBaseType.Boolean => ParseBoolean(text) ?? throw new SqlEvaluationException($"'{text}' is no BOOLEAN."),
                SqlBaseType.String => text,
                _ => throw new SqlEvaluationException($"'{text}' does not become {target}."),
            };
        }
        catch (SqlEvaluationException e)
        {
            throw new SqlException([new SqlDiagnostic(SqlErrors.BadLiteral, e.Message, span)], e);
        }
    }

    private static string Text(object value) => value switch
    {
        bool b => b ? "true" : "false",
        _ => SqlCast.ToText(value),
    };
}
