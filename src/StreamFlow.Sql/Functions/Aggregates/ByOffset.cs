using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>EARLIEST_BY_OFFSET: the first value. The state is an array of at most one, so that a first null is remembered.</summary>
[SqlAggregate("EARLIEST_BY_OFFSET", CompoundState = true, Description = "The first value, or the first n.")]
public static class Earliest
{
    /// <summary>Keeps the value if it is the first.</summary>
    public static void Add<T>(ref SqlArray<T>? first, T value, [SqlConstant(SqlConstantSource.Literal, Default = true)] bool ignoreNulls) =>
        EarliestN.Add(ref first, value, 1, ignoreNulls);

    /// <summary>Joins two states, the earlier session's first.</summary>
    public static void Merge<T>(ref SqlArray<T>? first, SqlArray<T>? other, bool ignoreNulls) =>
        EarliestN.Merge(ref first, other, 1, ignoreNulls);

    /// <summary>The first value.</summary>
    public static T? Result<T>(SqlArray<T>? first, bool ignoreNulls) => first is null ? default : first.At(1);
}

/// <summary>EARLIEST_BY_OFFSET with n: the first n values.</summary>
[SqlAggregate("EARLIEST_BY_OFFSET", CompoundState = true)]
public static class EarliestN
{
    /// <summary>Keeps the value if it is among the first n.</summary>
    public static void Add<T>(
        ref SqlArray<T>? first,
        T value,
        [SqlConstant(SqlConstantSource.Literal)] int n,
        [SqlConstant(SqlConstantSource.Literal, Default = true)] bool ignoreNulls)
    {
        first ??= SqlArray<T>.Empty;
        if (first.Count < n && !(value is null && ignoreNulls))
        {
            first = new SqlArray<T>([.. first.AsSpan(), value]);
        }
    }

    /// <summary>Joins two states, the earlier session's first.</summary>
    public static void Merge<T>(ref SqlArray<T>? first, SqlArray<T>? other, int n, bool ignoreNulls) =>
        CollectList.Merge(ref first, other, n);

    /// <summary>The first values.</summary>
    public static SqlArray<T> Result<T>(SqlArray<T>? first, int n, bool ignoreNulls) => first ?? SqlArray<T>.Empty;
}

/// <summary>LATEST_BY_OFFSET: the last value. The state is an array of at most one.</summary>
[SqlAggregate("LATEST_BY_OFFSET", CompoundState = true, Description = "The last value, or the last n.")]
public static class Latest
{
    /// <summary>Keeps the value.</summary>
    public static void Add<T>(ref SqlArray<T>? last, T value, [SqlConstant(SqlConstantSource.Literal, Default = true)] bool ignoreNulls)
    {
        if (!(value is null && ignoreNulls))
        {
            last = new SqlArray<T>([value]);
        }
    }

    /// <summary>Joins two states, the earlier session's first.</summary>
    public static void Merge<T>(ref SqlArray<T>? last, SqlArray<T>? other, bool ignoreNulls) =>
        last = other is { Count: > 0 } ? other : last;

    /// <summary>The last value.</summary>
    public static T? Result<T>(SqlArray<T>? last, bool ignoreNulls) => last is null ? default : last.At(1);
}

/// <summary>LATEST_BY_OFFSET with n: the last n values, oldest first.</summary>
[SqlAggregate("LATEST_BY_OFFSET", CompoundState = true)]
public static class LatestN
{
    /// <summary>Keeps the value and forgets the oldest when there are more than n.</summary>
    public static void Add<T>(
        ref SqlArray<T>? last,
        T value,
        [SqlConstant(SqlConstantSource.Literal)] int n,
        [SqlConstant(SqlConstantSource.Literal, Default = true)] bool ignoreNulls)
    {
        if (!(value is null && ignoreNulls))
        {
            Merge(ref last, new SqlArray<T>([value]), n, ignoreNulls);
        }
    }

    /// <summary>Joins two states, the earlier session's first.</summary>
    public static void Merge<T>(ref SqlArray<T>? last, SqlArray<T>? other, int n, bool ignoreNulls)
    {
        T[] all = [.. (last ?? SqlArray<T>.Empty).AsSpan(), .. (other ?? SqlArray<T>.Empty).AsSpan()];
        last = new SqlArray<T>(all.Length > n ? all[^n..] : all);
    }

    /// <summary>The last values.</summary>
    public static SqlArray<T> Result<T>(SqlArray<T>? last, int n, bool ignoreNulls) => last ?? SqlArray<T>.Empty;
}
