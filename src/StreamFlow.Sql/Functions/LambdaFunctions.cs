using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions that take lambdas (section 17.3 of the language reference).</summary>
public static class LambdaFunctions
{
    private const string Category = "LAMBDA";

    /// <summary>Elements for which the lambda is true.</summary>
    [SqlFunction("FILTER", Category = Category, Description = "Keeps what the lambda says true to.")]
    public static SqlArray<T> Filter<T>(SqlArray<T> array, Func<T, bool?> keep)
    {
        var kept = new List<T>(array.Count);
        foreach (var item in array.AsSpan())
        {
            if (keep(item) == true)
            {
                kept.Add(item);
            }
        }

        return new SqlArray<T>([.. kept]);
    }

    /// <summary>Entries for which the lambda is true.</summary>
    [SqlFunction("FILTER", Category = Category)]
    public static SqlMap<TKey, TValue> Filter<TKey, TValue>(SqlMap<TKey, TValue> map, Func<TKey, TValue, bool?> keep)
        where TKey : notnull => new(map.Where(e => keep(e.Key, e.Value) == true));

    /// <summary>Folds the array; a null start is the result.</summary>
    [SqlFunction("REDUCE", Category = Category, Description = "Folds a collection into one value.")]
    public static TState Reduce<T, TState>(SqlArray<T>? array, TState start, Func<TState, T, TState> fold)
    {
        if (start is null || array is null)
        {
            return start;
        }

        var state = start;
        foreach (var item in array.AsSpan())
        {
            state = fold(state, item);
        }

        return state;
    }

    /// <summary>Folds the map; a null start is the result.</summary>
    [SqlFunction("REDUCE", Category = Category)]
    public static TState Reduce<TKey, TValue, TState>(SqlMap<TKey, TValue>? map, TState start, Func<TState, TKey, TValue, TState> fold)
        where TKey : notnull
    {
        if (start is null || map is null)
        {
            return start;
        }

        var state = start;
        foreach (var (key, value) in map)
        {
            state = fold(state, key, value);
        }

        return state;
    }

    /// <summary>Converts every element.</summary>
    [SqlFunction("TRANSFORM", Category = Category, Description = "Converts the elements or entries of a collection.")]
    public static SqlArray<TResult> Transform<T, TResult>(SqlArray<T> array, Func<T, TResult> convert) => array.Map(convert);

    /// <summary>Converts every entry; two entries of the same new key are an error.</summary>
    [SqlFunction("TRANSFORM", Category = Category)]
    public static SqlMap<TKey2, TValue2> Transform<TKey, TValue, TKey2, TValue2>(
        SqlMap<TKey, TValue> map, Func<TKey, TValue, TKey2?> key, Func<TKey, TValue, TValue2> value)
        where TKey : notnull
        where TKey2 : notnull
    {
        var result = new OrderedDictionary<TKey2, TValue2>(map.Count);
        foreach (var entry in map)
        {
            var newKey = key(entry.Key, entry.Value);
            if (newKey is null || !result.TryAdd(newKey, value(entry.Key, entry.Value)))
            {
                throw new SqlEvaluationException("TRANSFORM made a null key or one key twice.");
            }
        }

        return new SqlMap<TKey2, TValue2>(result);
    }
}
