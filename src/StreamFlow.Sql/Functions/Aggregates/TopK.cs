using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>TOPK: the k largest values, descending.</summary>
[SqlAggregate(
    "TOPK",
    CompoundState = true,
    Ordered = true,
    Allowed = ["Integer", "BigInt", "Double", "String"],
    Description = "The k largest values.")]
public static class TopK
{
    /// <summary>Keeps the value if it is among the k largest; nulls are ignored.</summary>
    public static void Add<T>(ref SqlArray<T>? top, T value, [SqlConstant(SqlConstantSource.Literal)] int k)
    {
        top ??= SqlArray<T>.Empty;
        var at = Position(top, value);
        if (at >= 0 && at < k)
        {
            top = Insert(top, at, value, k);
        }
    }

    /// <summary>Joins two states.</summary>
    public static void Merge<T>(ref SqlArray<T>? top, SqlArray<T>? other, int k)
    {
        foreach (var value in other is null ? [] : other.AsSpan())
        {
            Add(ref top, value, k);
        }
    }

    /// <summary>The largest values, descending.</summary>
    public static SqlArray<T> Result<T>(SqlArray<T>? top, int k) => top ?? SqlArray<T>.Empty;

    /// <summary>Where a value belongs in a descending array, behind its equals; -1 for null.</summary>
    internal static int Position<T>(SqlArray<T> top, T value)
    {
        if (value is null)
        {
            return -1;
        }

        var at = top.Count;
        while (at > 0 && SqlOrder<T>.Compare(value, top[at - 1]) > 0)
        {
            at--;
        }

        return at;
    }

    internal static SqlArray<T> Insert<T>(SqlArray<T> top, int at, T value, int k)
    {
        var items = new List<T>(top);
        items.Insert(at, value);
        return new SqlArray<T>([.. items.Take(k)]);
    }
}

/// <summary>TOPKDISTINCT: the k largest distinct values, descending.</summary>
[SqlAggregate(
    "TOPKDISTINCT",
    CompoundState = true,
    Ordered = true,
    Allowed = ["Integer", "BigInt", "Double", "Decimal", "String", "Bytes", "Date", "Time", "Timestamp"],
    Description = "The k largest distinct values.")]
public static class TopKDistinct
{
    /// <summary>Keeps the value if it is new and among the k largest; nulls are ignored.</summary>
    public static void Add<T>(ref SqlArray<T>? top, T value, [SqlConstant(SqlConstantSource.Literal)] int k)
    {
        if (!ArrayFunctions.ArrayContains(top, value))
        {
            TopK.Add(ref top, value, k);
        }
    }

    /// <summary>Joins two states.</summary>
    public static void Merge<T>(ref SqlArray<T>? top, SqlArray<T>? other, int k)
    {
        foreach (var value in other is null ? [] : other.AsSpan())
        {
            Add(ref top, value, k);
        }
    }

    /// <summary>The largest values, descending.</summary>
    public static SqlArray<T> Result<T>(SqlArray<T>? top, int k) => top ?? SqlArray<T>.Empty;
}

/// <summary>TOPK over several columns: the rows with the k largest values of the first, descending.</summary>
[SqlAggregate("TOPK", CompoundState = true, Allowed = ["Integer", "BigInt", "Double", "String"])]
public static class TopKRows
{
    /// <summary>Keeps the row if its value is among the k largest; null values are ignored.</summary>
    public static void Add<T, TRow>(
        ref SqlArray<T>? top, ref SqlArray<TRow>? rows, T value, TRow row, [SqlConstant(SqlConstantSource.Literal)] int k)
    {
        top ??= SqlArray<T>.Empty;
        rows ??= SqlArray<TRow>.Empty;
        var at = TopK.Position(top, value);
        if (at >= 0 && at < k)
        {
            top = TopK.Insert(top, at, value, k);
            rows = TopK.Insert(rows, at, row, k);
        }
    }

    /// <summary>Joins two states.</summary>
    public static void Merge<T, TRow>(
        ref SqlArray<T>? top, ref SqlArray<TRow>? rows, SqlArray<T>? otherTop, SqlArray<TRow>? otherRows, int k)
    {
        for (var i = 0; i < (otherTop?.Count ?? 0); i++)
        {
            Add(ref top, ref rows, otherTop![i], otherRows![i], k);
        }
    }

    /// <summary>The rows, descending.</summary>
    public static SqlArray<TRow> Result<T, TRow>(SqlArray<T>? top, SqlArray<TRow>? rows, int k) => rows ?? SqlArray<TRow>.Empty;
}
