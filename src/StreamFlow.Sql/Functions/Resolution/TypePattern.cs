using System.Reflection;
using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Resolution;

/// <summary>The SQL type a CLR parameter stands for, with holes for generics and decimals.</summary>
internal abstract record TypePattern
{
    /// <summary>A type without holes.</summary>
    public sealed record Exactly(SqlType Type) : TypePattern;

    /// <summary>A generic parameter, or (named <see cref="DecimalName"/>) the common type of all DECIMAL parameters.</summary>
    public sealed record Hole(string Name) : TypePattern;

    public sealed record ArrayOf(TypePattern Element) : TypePattern;

    public sealed record MapOf(TypePattern Key, TypePattern Value) : TypePattern;

    public sealed record Lambda(IReadOnlyList<TypePattern> Parameters, TypePattern Result) : TypePattern;

    /// <summary>A bare interval unit.</summary>
    public sealed record Unit : TypePattern;

    public const string DecimalName = "DECIMAL";

    public static TypePattern Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericParameter)
        {
            return new Hole(type.Name);
        }

        return type.IsGenericType ? OfGeneric(type) : OfPlain(type);
    }

    /// <summary>Whether the type, as CLR nullability has it, takes null.</summary>
    public static bool AcceptsNull(NullabilityInfo info, bool reading)
    {
        var type = info.Type;
        if (type.IsGenericParameter || Nullable.GetUnderlyingType(type) is not null)
        {
            return true;
        }

        return !type.IsValueType && (reading ? info.ReadState : info.WriteState) == NullabilityState.Nullable;
    }

    public int HoleCount() => this switch
    {
        Hole h => h.Name == DecimalName ? 0 : 1,
        ArrayOf a => a.Element.HoleCount(),
        MapOf m => m.Key.HoleCount() + m.Value.HoleCount(),
        _ => 0,
    };

    private static TypePattern OfGeneric(Type type)
    {
        var definition = type.GetGenericTypeDefinition();
        var arguments = type.GetGenericArguments();
        if (definition == typeof(SqlArray<>))
        {
            return new ArrayOf(Of(arguments[0]));
        }

        if (definition == typeof(SqlMap<,>))
        {
            return new MapOf(Of(arguments[0]), Of(arguments[1]));
        }

        if (definition == typeof(ReadOnlySpan<>) || definition == typeof(IEnumerable<>))
        {
            return Of(arguments[0]);
        }

        return definition.Name.StartsWith("Func`", StringComparison.Ordinal)
            ? new Lambda([.. arguments[..^1].Select(Of)], Of(arguments[^1]))
            : throw new InvalidOperationException($"{type} is no type of SQL.");
    }

    private static TypePattern OfPlain(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => new Exactly(SqlType.Boolean),
        TypeCode.Int32 when !type.IsEnum => new Exactly(SqlType.Integer),
        TypeCode.Int64 => new Exactly(SqlType.BigInt),
        TypeCode.Double => new Exactly(SqlType.Double),
        TypeCode.String => new Exactly(SqlType.String),
        _ when type == typeof(byte[]) => new Exactly(SqlType.Bytes),
        _ when type == typeof(SqlDecimal) => new Hole(DecimalName),
        _ when type == typeof(SqlDate) => new Exactly(SqlType.Date),
        _ when type == typeof(SqlTime) => new Exactly(SqlType.Time),
        _ when type == typeof(SqlTimestamp) => new Exactly(SqlType.Timestamp),
        _ when type == typeof(SqlTimeUnit) => new Unit(),
        _ => throw new InvalidOperationException($"{type} is no type of SQL."),
    };
}
