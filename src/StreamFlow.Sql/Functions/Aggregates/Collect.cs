using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>COLLECT_LIST: all values in order, nulls too, up to a configured number.</summary>
[SqlAggregate("COLLECT_LIST", CompoundState = true, Description = "All values in an array.")]
public static class CollectList
{
    /// <summary>Appends a value.</summary>
    public static void Add<T>(
        ref SqlArray<T>? values,
        T value,
        [SqlConstant(SqlConstantSource.Configuration, Key = "ksql.functions.collect_list.limit", Default = int.MaxValue)] int limit)
    {
        values ??= SqlArray<T>.Empty;
        if (values.Count < limit)
        {
            values = new SqlArray<T>([.. values.AsSpan(), value]);
        }
    }

    /// <summary>Removes the last equal value.</summary>
    public static void Undo<T>(ref SqlArray<T>? values, T value, int limit)
    {
        for (var i = (values?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (SqlEquality<T>.AreEqual(values![i], value))
            {
                values = new SqlArray<T>([.. values.AsSpan()[..i], .. values.AsSpan()[(i + 1)..]]);
                return;
            }
        }
    }

    /// <summary>Joins two lists.</summary>
    public static void Merge<T>(ref SqlArray<T>? values, SqlArray<T>? other, int limit)
    {
        var all = new SqlArray<T>([.. (values ?? SqlArray<T>.Empty).AsSpan(), .. (other ?? SqlArray<T>.Empty).AsSpan()]);
        values = all.Count <= limit ? all : new SqlArray<T>(all.AsSpan()[..limit].ToArray());
    }

    /// <summary>The list.</summary>
    public static SqlArray<T> Result<T>(SqlArray<T>? values, int limit) => values ?? SqlArray<T>.Empty;
}

/// <summary>COLLECT_SET: distinct values in the order first seen, up to a configured number.</summary>
[SqlAggregate("COLLECT_SET", CompoundState = true, Description = "Distinct values in an array.")]
public static class CollectSet
{
    /// <summary>Appends a value that is new.</summary>
    public static void Add<T>(
        ref SqlArray<T>? values,
        T value,
        [SqlConstant(SqlConstantSource.Configuration, Key = "ksql.functions.collect_set.limit", Default = int.MaxValue)] int limit)
    {
        if (!ArrayFunctions.ArrayContains(values, value))
        {
            CollectList.Add(ref values, value, limit);
        }
    }

    /// <summary>Joins two sets.</summary>
    public static void Merge<T>(ref SqlArray<T>? values, SqlArray<T>? other, int limit)
    {
        foreach (var value in other is null ? [] : other.AsSpan())
        {
            Add(ref values, value, limit);
        }
    }

    /// <summary>The set.</summary>
    public static SqlArray<T> Result<T>(SqlArray<T>? values, int limit) => values ?? SqlArray<T>.Empty;
}
