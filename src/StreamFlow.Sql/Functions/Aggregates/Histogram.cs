using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>HISTOGRAM: how often each text occurs, for at most 1000 of them.</summary>
[SqlAggregate("HISTOGRAM", CompoundState = true, Description = "How often each value occurs.")]
public static class Histogram
{
    private const int MaxKeys = 1000;

    /// <summary>Counts a text; null counts as <c>null</c>.</summary>
    public static void Add(ref SqlMap<string, long?>? counts, string? value) => Change(ref counts, value, 1);

    /// <summary>Takes a text back.</summary>
    public static void Undo(ref SqlMap<string, long?>? counts, string? value) => Change(ref counts, value, -1);

    /// <summary>Joins two histograms.</summary>
    public static void Merge(ref SqlMap<string, long?>? counts, SqlMap<string, long?>? other)
    {
        foreach (var (key, count) in other ?? SqlMap<string, long?>.Empty)
        {
            Change(ref counts, key, count ?? 0);
        }
    }

    /// <summary>The counts.</summary>
    public static SqlMap<string, long?> Result(SqlMap<string, long?>? counts) => counts ?? SqlMap<string, long?>.Empty;

    private static void Change(ref SqlMap<string, long?>? counts, string? value, long by)
    {
        var key = value ?? "null";
        var changed = new OrderedDictionary<string, long?>(counts ?? SqlMap<string, long?>.Empty);
        var count = (changed.GetValueOrDefault(key) ?? 0) + by;
        if (count == 0)
        {
            changed.Remove(key);
        }
        else if (changed.ContainsKey(key) || changed.Count < MaxKeys)
        {
            changed[key] = count;
        }

        counts = new SqlMap<string, long?>(changed);
    }
}
