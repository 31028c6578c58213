namespace StreamFlow.Sql.Types;

/// <summary>Which types turn into which others without a CAST.</summary>
public static class SqlCoercion
{
    /// <summary>The decimal that holds every value of an integer type, or the type itself when it already is a decimal.</summary>
    /// <exception cref="ArgumentException">The type is no INT, BIGINT or DECIMAL.</exception>
    public static SqlDecimalType ToDecimal(SqlType type) => type switch
    {
        SqlDecimalType d => d,
        { BaseType: SqlBaseType.Integer } => SqlType.Decimal(10, 0),
        { BaseType: SqlBaseType.BigInt } => SqlType.Decimal(19, 0),
        _ => throw new ArgumentException($"{type} has no decimal form.", nameof(type)),
    };

    /// <summary>True when a value of <paramref name="from"/> may stand where <paramref name="to"/> is wanted.</summary>
    public static bool CanCoerce(SqlType from, SqlType to) => (from, to) switch
    {
        _ when from == to => true,
        (SqlDecimalType f, SqlDecimalType t) => f.Scale <= t.Scale && f.Precision - f.Scale <= t.Precision - t.Scale,
        ({ BaseType: SqlBaseType.Integer or SqlBaseType.BigInt }, SqlDecimalType t) => CanCoerce(ToDecimal(from), t),
        ({ IsNumeric: true }, { IsNumeric: true }) => Rank(from) < Rank(to),
        (SqlArrayType f, SqlArrayType t) => CanCoerce(f.Element, t.Element),
        (SqlMapType f, SqlMapType t) => CanCoerce(f.Key, t.Key) && CanCoerce(f.Value, t.Value),
        (SqlStructType f, SqlStructType t) => f.Fields.All(field => t.Find(field.Name) is { } target && CanCoerce(field.Type, target.Type)),
        _ => false,
    };

    /// <summary>
    /// The narrowest type both sides turn into, or null if there is none. Two decimals meet in the one that keeps all digits
    /// of both; two structs in the union of their fields.
    /// </summary>
    public static SqlType? CommonType(SqlType left, SqlType right) => (left, right) switch
    {
        _ when left == right => left,
        ({ IsNumeric: true }, { IsNumeric: true }) => CommonNumber(left, right),
        (SqlArrayType l, SqlArrayType r) => CommonType(l.Element, r.Element) is { } element ? SqlType.Array(element) : null,
        (SqlMapType l, SqlMapType r) => CommonType(l.Key, r.Key) is { } key && CommonType(l.Value, r.Value) is { } value
            ? SqlType.Map(key, value)
            : null,
        (SqlStructType l, SqlStructType r) => CommonStruct(l, r),
        _ => null,
    };

    private static SqlType CommonNumber(SqlType left, SqlType right)
    {
        if (left.BaseType == SqlBaseType.Double || right.BaseType == SqlBaseType.Double)
        {
            return SqlType.Double;
        }

        if (left.BaseType != SqlBaseType.Decimal && right.BaseType != SqlBaseType.Decimal)
        {
            return Rank(left) > Rank(right) ? left : right;
        }

        var (l, r) = (ToDecimal(left), ToDecimal(right));
        var scale = Math.Max(l.Scale, r.Scale);
        return SqlType.Decimal(Math.Max(l.Precision - l.Scale, r.Precision - r.Scale) + scale, scale);
    }

    private static SqlStructType? CommonStruct(SqlStructType left, SqlStructType right)
    {
        var fields = new List<SqlField>(left.Fields);
        foreach (var field in right.Fields)
        {
            var index = fields.FindIndex(f => f.Name == field.Name);
            if (index < 0)
            {
                fields.Add(field);
            }
            else if (CommonType(fields[index].Type, field.Type) is { } common)
            {
                fields[index] = field with { Type = common };
            }
            else
            {
                return null;
            }
        }

        return new SqlStructType(fields);
    }

    // INT -> BIGINT -> DECIMAL -> DOUBLE, the order of the enum.
    private static int Rank(SqlType type) => (int)type.BaseType;
}
