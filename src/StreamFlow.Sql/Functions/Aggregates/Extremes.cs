using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>MAX: the largest value.</summary>
[SqlAggregate("MAX", Ordered = true, Description = "The largest value; nulls are ignored.")]
public static class Max
{
    /// <summary>Looks at a value.</summary>
    public static void Add<T>(ref T? max, T value) =>
        max = value is not null && (max is null || SqlOrder<T>.Compare(value, max) > 0) ? value : max;

    /// <summary>Joins two maxima.</summary>
    public static void Merge<T>(ref T? max, T other) => Add(ref max, other);

    /// <summary>The maximum; null of nothing.</summary>
    public static T Result<T>(T max) => max;
}

/// <summary>MIN: the smallest value.</summary>
[SqlAggregate("MIN", Ordered = true, Description = "The smallest value; nulls are ignored.")]
public static class Min
{
    /// <summary>Looks at a value.</summary>
    public static void Add<T>(ref T? min, T value) =>
        min = value is not null && (min is null || SqlOrder<T>.Compare(value, min) < 0) ? value : min;

    /// <summary>Joins two minima.</summary>
    public static void Merge<T>(ref T? min, T other) => Add(ref min, other);

    /// <summary>The minimum; null of nothing.</summary>
    public static T Result<T>(T min) => min;
}
