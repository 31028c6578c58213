using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>SUM_LIST of ARRAY&lt;INT&gt;; wraps.</summary>
[SqlAggregate("SUM_LIST", Description = "Sum of all elements of all arrays.")]
public static class SumListInt
{
    /// <summary>Adds the elements.</summary>
    public static void Add(ref int? sum, SqlArray<int?>? values) => sum = unchecked((sum ?? 0) + SumOf(values));

    /// <summary>Takes the elements back.</summary>
    public static void Undo(ref int? sum, SqlArray<int?>? values) => sum = unchecked((sum ?? 0) - SumOf(values));

    /// <summary>Joins two sums.</summary>
    public static void Merge(ref int? sum, int? other) => SumInt.Add(ref sum, other);

    /// <summary>The sum; 0 of nothing.</summary>
    public static int Result(int? sum) => sum ?? 0;

    private static int SumOf(SqlArray<int?>? values)
    {
        var sum = 0;
        foreach (var value in values is null ? [] : values.AsSpan())
        {
            sum = unchecked(sum + (value ?? 0));
        }

        return sum;
    }
}

/// <summary>SUM_LIST of ARRAY&lt;BIGINT&gt;; wraps.</summary>
[SqlAggregate("SUM_LIST")]
public static class SumListBigInt
{
    /// <summary>Adds the elements.</summary>
    public static void Add(ref long? sum, SqlArray<long?>? values) => sum = unchecked((sum ?? 0) + SumOf(values));

    /// <summary>Takes the elements back.</summary>
    public static void Undo(ref long? sum, SqlArray<long?>? values) => sum = unchecked((sum ?? 0) - SumOf(values));

    /// <summary>Joins two sums.</summary>
    public static void Merge(ref long? sum, long? other) => SumBigInt.Add(ref sum, other);

    /// <summary>The sum; 0 of nothing.</summary>
    public static long Result(long? sum) => sum ?? 0;

    private static long SumOf(SqlArray<long?>? values)
    {
        var sum = 0L;
        foreach (var value in values is null ? [] : values.AsSpan())
        {
            sum = unchecked(sum + (value ?? 0));
        }

        return sum;
    }
}

/// <summary>SUM_LIST of ARRAY&lt;DOUBLE&gt;.</summary>
[SqlAggregate("SUM_LIST")]
public static class SumListDouble
{
    /// <summary>Adds the elements.</summary>
    public static void Add(ref double? sum, SqlArray<double?>? values) => sum = (sum ?? 0) + SumOf(values);

    /// <summary>Takes the elements back.</summary>
    public static void Undo(ref double? sum, SqlArray<double?>? values) => sum = (sum ?? 0) - SumOf(values);

    /// <summary>Joins two sums.</summary>
    public static void Merge(ref double? sum, double? other) => SumDouble.Add(ref sum, other);

    /// <summary>The sum; 0 of nothing.</summary>
    public static double Result(double? sum) => sum ?? 0;

    private static double SumOf(SqlArray<double?>? values)
    {
        var sum = 0.0;
        foreach (var value in values is null ? [] : values.AsSpan())
        {
            sum += value ?? 0;
        }

        return sum;
    }
}
