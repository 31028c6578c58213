namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>COUNT: values that are not null.</summary>
[SqlAggregate("COUNT", Description = "Counts rows, or values that are not null.")]
public static class Count
{
    /// <summary>Counts a value unless it is null.</summary>
    public static void Add<T>(ref long? count, T value) => count = (count ?? 0) + (value is null ? 0 : 1);

    /// <summary>Takes a value back.</summary>
    public static void Undo<T>(ref long? count, T value) => count = (count ?? 0) - (value is null ? 0 : 1);

    /// <summary>Joins two counts.</summary>
    public static void Merge(ref long? count, long? other) => count = (count ?? 0) + (other ?? 0);

    /// <summary>The count.</summary>
    public static long Result(long? count) => count ?? 0;
}
