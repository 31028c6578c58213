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

        return (list, item) switch
        {
            (_, BoundLiteral { Value: string text }) => TypeOfText(list, text),
            (SqlArrayType array, BoundArray made) => ListType(array.Element, made.Items) is { } element ? SqlType.Array(element) : null,
            (SqlMapType map, BoundMap made) => ListType(map.Key, made.Entries.Select(e => e.Key)) is { } key
                && ListType(map.Value, made.Entries.Select(e => e.Value)) is { } value ? SqlType.Map(key, value) : null,
            (SqlStructType fields, BoundStruct made) => ListType(fields, made),
            _ => null,
        };
    }

    private static SqlType? ListType(SqlType list, IEnumerable<BoundExpression> items)
    {
        SqlType? type = list;
        foreach (var item in items.Where(i => i.Type is not null))
        {
            type = type is null ? null : ListType(type, item);
        }

        return type;
    }

    private static SqlStructType? ListType(SqlStructType list, BoundStruct made)
    {
        var fields = new List<SqlField>(list.Fields);
        for (var i = 0; i < made.Fields.Count; i++)
        {
            var field = made.StructType.Fields[i];
            var index = fields.FindIndex(f => f.Name == field.Name);
            if (index < 0)
            {
                fields.Add(field);
            }
            else if (ListType(fields[index].Type, made.Fields[i]) is { } type)
            {
                fields[index] = field with { Type = type };
            }
            else
            {
                return null;
            }
        }

        return new SqlStructType(fields);
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

        return (value, target) switch
        {
            (BoundNull, _) => new BoundNull(target),
            (BoundArray e, SqlArrayType t) => new BoundArray([.. e.Items.Select(i => Lax(i, t.Element, span))], t),
            (BoundMap e, SqlMapType t) => new BoundMap(
                [.. e.Entries.Select(x => (Lax(x.Key, t.Key, span), Lax(x.Value, t.Value, span)))], t),
            (BoundStruct e, SqlStructType t) => new BoundStruct([.. t.Fields.Select(f => Field(e, f, span))], t),
            _ => Widen(value, target),
        };
    }

    private static BoundExpression Field(BoundStruct made, SqlField field, SourceSpan span)
    {
        var index = made.StructType.Fields.ToList().FindIndex(f => f.Name == field.Name);
        return index < 0 ? new BoundNull(field.Type) : Lax(made.Fields[index], field.Type, span);
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
