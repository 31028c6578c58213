using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions over MAP (section 17.2 of the language reference).</summary>
public static class MapFunctions
{
    private const string Category = "MAP";

    /// <summary>Zips keys and values; missing values are null.</summary>
    [SqlFunction("AS_MAP", Category = Category, Description = "Makes a map of an array of keys and an array of values.")]
    public static SqlMap<string, T?> AsMap<T>(SqlArray<string?> keys, SqlArray<T> values)
    {
        var map = new OrderedDictionary<string, T?>(keys.Count);
        for (var i = 0; i < keys.Count; i++)
        {
            map[keys[i] ?? throw new SqlEvaluationException("A map has no null keys.")] = i < values.Count ? values[i] : default;
        }

        return new SqlMap<string, T?>(map);
    }

    /// <summary>Entries as structs, in the map's order or sorted by key.</summary>
    /// <typeparam name="T">Value type.</typeparam>
    /// <typeparam name="TStruct">Generated row struct of K and V.</typeparam>
    [SqlFunction("ENTRIES", Category = Category, Description = "The entries of a map as structs.", StructFields = ["K", "V"])]
    public static SqlArray<TStruct>? Entries<T, TStruct>(SqlMap<string, T>? map, bool sorted, Func<string?, T, TStruct> create)
    {
        if (map is null)
        {
            return null;
        }

        IEnumerable<KeyValuePair<string, T>> entries = sorted ? map.OrderBy(e => e.Key, StringComparer.Ordinal) : map;
        return new SqlArray<TStruct>([.. entries.Select(e => create(e.Key, e.Value))]);
    }

    /// <summary>The keys.</summary>
    [SqlFunction("MAP_KEYS", Category = Category, Description = "The keys of a map.")]
    public static SqlArray<string?> MapKeys<T>(SqlMap<string, T> map) => new([.. map.Select(e => e.Key)]);

    /// <summary>The values.</summary>
    [SqlFunction("MAP_VALUES", Category = Category, Description = "The values of a map.")]
    public static SqlArray<T> MapValues<T>(SqlMap<string, T> map) => new([.. map.Select(e => e.Value)]);

    /// <summary>The entries of both; the second map wins; a null side is ignored.</summary>
    [SqlFunction("MAP_UNION", Category = Category, Description = "The entries of both maps; the second wins.")]
    public static SqlMap<string, T>? MapUnion<T>(SqlMap<string, T>? left, SqlMap<string, T>? right) =>
        left is null || right is null ? left ?? right : new SqlMap<string, T>(left.Concat(right));
}
