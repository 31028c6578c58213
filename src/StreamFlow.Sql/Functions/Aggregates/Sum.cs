using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>SUM of INT; wraps.</summary>
[SqlAggregate("SUM", Description = "Sum of the values; nulls are ignored.")]
public static class SumInt
{
    /// <summary>Adds a value.</summary>
    public static void Add(ref int? sum, int? value) => sum = unchecked((sum ?? 0) + (value ?? 0));

    /// <summary>Takes a value back.</summary>
    public static void Undo(ref int? sum, int? value) => sum = unchecked((sum ?? 0) - (value ?? 0));

    /// <summary>Joins two sums.</summary>
    public static void Merge(ref int? sum, int? other) => Add(ref sum, other);

    /// <summary>The sum; 0 of nothing.</summary>
    public static int Result(int? sum) => sum ?? 0;
}

/// <summary>SUM of BIGINT; wraps.</summary>
[SqlAggregate("SUM")]
public static class SumBigInt
{
    /// <summary>Adds a value.</summary>
    public static void Add(ref long? sum, long? value) => sum = unchecked((sum ?? 0) + (value ?? 0));

    /// <summary>Takes a value back.</summary>
    public static void Undo(ref long? sum, long? value) => sum = unchecked((sum ?? 0) - (value ?? 0));

    /// <summary>Joins two sums.</summary>
    public static void Merge(ref long? sum, long? other) => Add(ref sum, other);

    /// <summary>The sum; 0 of nothing.</summary>
    public static long Result(long? sum) => sum ?? 0;
}

/// <summary>SUM of DOUBLE.</summary>
[SqlAggregate("SUM")]
public static class SumDouble
{
    /// <summary>Adds a value.</summary>
    public static void Add(ref double? sum, double? value) => sum = (sum ?? 0) + (value ?? 0);

    /// <summary>Takes a value back.</summary>
    public static void Undo(ref double? sum, double? value) => sum = (sum ?? 0) - (value ?? 0);

    /// <summary>Joins two sums.</summary>
    public static void Merge(ref double? sum, double? other) => Add(ref sum, other);

    /// <summary>The sum; 0 of nothing.</summary>
    public static double Result(double? sum) => sum ?? 0;
}

/// <summary>SUM of DECIMAL; the sum must fit the type of the values.</summary>
[SqlAggregate("SUM")]
public static class SumDecimal
{
    /// <summary>Adds a value.</summary>
    /// <exception cref="SqlEvaluationException">The sum does not fit the type.</exception>
    public static void Add(
        ref SqlDecimal? sum,
        SqlDecimal? value,
        [SqlConstant(SqlConstantSource.Precision)] int precision,
        [SqlConstant(SqlConstantSource.Scale)] int scale) =>
        sum = SqlDecimal.Add(sum ?? SqlDecimal.Zero, value ?? SqlDecimal.Zero, precision, scale);

    /// <summary>Takes a value back.</summary>
    public static void Undo(ref SqlDecimal? sum, SqlDecimal? value, int precision, int scale) =>
        sum = SqlDecimal.Subtract(sum ?? SqlDecimal.Zero, value ?? SqlDecimal.Zero, precision, scale);

    /// <summary>Joins two sums.</summary>
    public static void Merge(ref SqlDecimal? sum, SqlDecimal? other, int precision, int scale) => Add(ref sum, other, precision, scale);

    /// <summary>The sum; 0 of nothing.</summary>
    public static SqlDecimal Result(SqlDecimal? sum, int precision, int scale) => (sum ?? SqlDecimal.Zero).ToType(precision, scale);
}
