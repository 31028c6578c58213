using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Analysis;

/// <summary>Which types CAST converts; section "casts" of the language reference.</summary>
internal static class Casts
{
    public static bool CanCast(SqlType from, SqlType to) => (from, to) switch
    {
        _ when from == to => true,
        ({ BaseType: SqlBaseType.Bytes }, _) => false,
        (_, { BaseType: SqlBaseType.String }) => true,
        ({ BaseType: SqlBaseType.String }, { IsCompound: false }) => true,
        ({ IsNumeric: true }, { IsNumeric: true }) => true,
        ({ BaseType: SqlBaseType.Timestamp }, { BaseType: SqlBaseType.Date or SqlBaseType.Time }) => true,
        ({ BaseType: SqlBaseType.Date }, { BaseType: SqlBaseType.Timestamp }) => true,
        (SqlArrayType f, SqlArrayType t) => CanCast(f.Element, t.Element),
        (SqlMapType f, SqlMapType t) => CanCast(f.Key, t.Key) && CanCast(f.Value, t.Value),
        (SqlStructType f, SqlStructType t) =>
            t.Fields.All(field => f.Find(field.Name) is not { } source || CanCast(source.Type, field.Type)),
        _ => false,
    };
}
