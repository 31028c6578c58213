using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>ATTR: the only distinct value of the group, else null. The state counts each distinct value.</summary>
[SqlAggregate("ATTR", CompoundState = true, Description = "The value when all rows of the group agree on it, else null.")]
public static class Attr
{
    /// <summary>Counts a value, null too.</summary>
    public static void Add<T>(ref SqlArray<T>? values, ref SqlArray<long?>? counts, T value) => Change(ref values, ref counts, value, 1);

    /// <summary>Takes a value back.</summary>
    public static void Undo<T>(ref SqlArray<T>? values, ref SqlArray<long?>? counts, T value) => Change(ref values, ref counts, value, -1);

    /// <summary>Joins two states.</summary>
    public static void Merge<T>(
        ref SqlArray<T>? values, ref SqlArray<long?>? counts, SqlArray<T>? otherValues, SqlArray<long?>? otherCounts)
    {
        for (var i = 0; i < (otherValues?.Count ?? 0); i++)
        {
            Change(ref values, ref counts, otherValues![i], otherCounts![i] ?? 0);
        }
    }

    /// <summary>The only value, else null.</summary>
    public static T? Result<T>(SqlArray<T>? values, SqlArray<long?>? counts) => values is { Count: 1 } ? values[0] : default;

    private static void Change<T>(ref SqlArray<T>? values, ref SqlArray<long?>? counts, T value, long by)
    {
        var distinct = values?.ToList() ?? [];
        var numbers = counts?.ToList() ?? [];
        var at = distinct.FindIndex(v => SqlEquality<T>.AreEqual(v, value));
        if (at < 0)
        {
            distinct.Add(value);
            numbers.Add(by);
        }
        else if (numbers[at] + by == 0)
        {
            distinct.RemoveAt(at);
            numbers.RemoveAt(at);
        }
        else
        {
            numbers[at] += by;
        }

        values = new SqlArray<T>([.. distinct]);
        counts = new SqlArray<long?>([.. numbers]);
    }
}
