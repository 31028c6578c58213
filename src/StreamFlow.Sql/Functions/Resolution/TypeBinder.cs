using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Functions.Resolution;

/// <summary>Matches argument types against patterns and remembers what the holes became.</summary>
internal sealed class TypeBinder
{
    private readonly Dictionary<string, SqlType> _bound = [];

    /// <summary>The sum of all widenings; 0 means the match is exact.</summary>
    public int Cost { get; private set; }

    /// <summary>Whether one generic parameter was given numbers of different types.</summary>
    public bool MixesNumbers { get; private set; }

    /// <summary>Matches one argument; false when it cannot stand there.</summary>
    public bool Match(TypePattern pattern, SqlType type)
    {
        switch (pattern)
        {
            case TypePattern.Exactly e:
                return e.Type == type || (SqlCoercion.CanCoerce(type, e.Type) && Pay(Distance(type, e.Type)));
            case TypePattern.Hole { Name: TypePattern.DecimalName } hole:
                return type.BaseType is SqlBaseType.Decimal or SqlBaseType.Integer or SqlBaseType.BigInt && Bind(hole.Name, type);
            case TypePattern.Hole hole:
                return Bind(hole.Name, type);
            case TypePattern.ArrayOf a:
                return type is SqlArrayType array && Match(a.Element, array.Element);
            case TypePattern.MapOf m:
                return type is SqlMapType map && Match(m.Key, map.Key) && Match(m.Value, map.Value);
            default:
                return false;
        }
    }

    /// <summary>The pattern with its holes filled; null when one is still open.</summary>
    public SqlType? Fill(TypePattern pattern) => pattern switch
    {
        TypePattern.Exactly e => e.Type,
        TypePattern.Hole h => _bound.GetValueOrDefault(h.Name),
        TypePattern.ArrayOf a => Fill(a.Element) is { } element ? SqlType.Array(element) : null,
        TypePattern.MapOf m => Fill(m.Key) is { } key && Fill(m.Value) is { } value ? SqlType.Map(key, value) : null,
        _ => null,
    };

    public IEnumerable<SqlType> Bindings => _bound.Values;

    private bool Bind(string name, SqlType type)
    {
        if (name == TypePattern.DecimalName && type is not SqlDecimalType)
        {
            Pay(Distance(type, SqlCoercion.ToDecimal(type)));
            type = SqlCoercion.ToDecimal(type);
        }

        if (!_bound.TryGetValue(name, out var already))
        {
            _bound[name] = type;
            return true;
        }

        if (already == type)
        {
            return true;
        }

        if (SqlCoercion.CommonType(already, type) is not { } common)
        {
            return false;
        }

        _bound[name] = common;
        MixesNumbers |= already.BaseType != type.BaseType;
        return Pay(1);
    }

    private bool Pay(int cost)
    {
        Cost += cost;
        return true;
    }

    // How many steps INT -> BIGINT -> DECIMAL -> DOUBLE lie between two types; compound types count one.
    private static int Distance(SqlType from, SqlType to) =>
        from.IsNumeric && to.IsNumeric ? Math.Max(1, (int)to.BaseType - (int)from.BaseType) : 1;
}
