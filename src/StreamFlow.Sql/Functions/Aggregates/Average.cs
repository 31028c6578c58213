namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>AVG: the mean of the values that are not null.</summary>
[SqlAggregate("AVG", CompoundState = true, Description = "Mean of the values; nulls are ignored.")]
public static class Average
{
    /// <summary>Adds a value.</summary>
    public static void Add(ref double? sum, ref long? count, double? value)
    {
        sum = (sum ?? 0) + (value ?? 0);
        count = (count ?? 0) + (value is null ? 0 : 1);
    }

    /// <summary>Takes a value back.</summary>
    public static void Undo(ref double? sum, ref long? count, double? value)
    {
        sum = (sum ?? 0) - (value ?? 0);
        count = (count ?? 0) - (value is null ? 0 : 1);
    }

    /// <summary>Joins two means.</summary>
    public static void Merge(ref double? sum, ref long? count, double? otherSum, long? otherCount)
    {
        sum = (sum ?? 0) + (otherSum ?? 0);
        count = (count ?? 0) + (otherCount ?? 0);
    }

    /// <summary>The mean; 0 of nothing.</summary>
    public static double Result(double? sum, long? count) => count is null or 0 ? 0 : sum!.Value / count.Value;
}
