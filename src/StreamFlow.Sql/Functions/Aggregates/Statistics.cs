namespace StreamFlow.Sql.Functions.Aggregates;

/// <summary>STDDEV_SAMP: the sample variance (the name is history); see <see cref="SampleDeviation"/> for the deviation.</summary>
[SqlAggregate("STDDEV_SAMP", CompoundState = true, Description = "Sample variance of the values.")]
public static class SampleVariance
{
    /// <summary>Adds a value; <paramref name="squares"/> is the sum of squared distances from the mean (Welford's method).</summary>
    public static void Add(ref double? sum, ref long? count, ref double? squares, double? value)
    {
        if (value is not { } x)
        {
            return;
        }

        sum = (sum ?? 0) + x;
        count = (count ?? 0) + 1;
        if (count > 1)
        {
            var distance = (count.Value * x) - sum.Value;
            squares = (squares ?? 0) + (distance * distance / ((double)count.Value * (count.Value - 1)));
        }
    }

    /// <summary>Takes a value back.</summary>
    public static void Undo(ref double? sum, ref long? count, ref double? squares, double? value)
    {
        if (value is not { } x)
        {
            return;
        }

        var before = count ?? 0;
        if (before > 1)
        {
            var distance = (before * x) - (sum ?? 0);
            squares = (squares ?? 0) - (distance * distance / ((double)before * (before - 1)));
        }

        sum = (sum ?? 0) - x;
        count = before - 1;
        if (count <= 1)
        {
            squares = 0;
        }
    }

    /// <summary>Joins two states.</summary>
    public static void Merge(
        ref double? sum, ref long? count, ref double? squares, double? otherSum, long? otherCount, double? otherSquares)
    {
        var (m, n) = (count ?? 0, otherCount ?? 0);
        if (n == 0)
        {
            return;
        }

        if (m > 0)
        {
            var distance = (otherSum!.Value / n) - (sum!.Value / m);
            squares = (squares ?? 0) + (otherSquares ?? 0) + (distance * distance * m * n / (m + n));
        }
        else
        {
            squares = otherSquares;
        }

        sum = (sum ?? 0) + otherSum;
        count = m + n;
    }

    /// <summary>The variance; 0 of fewer than two values.</summary>
    public static double Result(double? sum, long? count, double? squares) => count is null or < 2 ? 0 : (squares ?? 0) / (count.Value - 1);
}

/// <summary>STDDEV_SAMPLE: the sample standard deviation.</summary>
[SqlAggregate("STDDEV_SAMPLE", CompoundState = true, Description = "Sample standard deviation of the values.")]
public static class SampleDeviation
{
    /// <summary>Adds a value.</summary>
    public static void Add(ref double? sum, ref long? count, ref double? squares, double? value) =>
        SampleVariance.Add(ref sum, ref count, ref squares, value);

    /// <summary>Takes a value back.</summary>
    public static void Undo(ref double? sum, ref long? count, ref double? squares, double? value) =>
        SampleVariance.Undo(ref sum, ref count, ref squares, value);

    /// <summary>Joins two states.</summary>
    public static void Merge(
        ref double? sum, ref long? count, ref double? squares, double? otherSum, long? otherCount, double? otherSquares) =>
        SampleVariance.Merge(ref sum, ref count, ref squares, otherSum, otherCount, otherSquares);

    /// <summary>The deviation; 0 of fewer than two values.</summary>
    public static double Result(double? sum, long? count, double? squares) => Math.Sqrt(SampleVariance.Result(sum, count, squares));
}

/// <summary>CORRELATION: Pearson's coefficient of two columns.</summary>
[SqlAggregate("CORRELATION", CompoundState = true, Description = "Pearson correlation of two columns.")]
public static class Correlation
{
    /// <summary>Adds a pair; ignored when one is null.</summary>
    public static void Add(
        ref long? count, ref double? sumX, ref double? sumY, ref double? sumXx, ref double? sumYy, ref double? sumXy,
        double? x, double? y) =>
        Change(ref count, ref sumX, ref sumY, ref sumXx, ref sumYy, ref sumXy, x, y, 1);

    /// <summary>Takes a pair back.</summary>
    public static void Undo(
        ref long? count, ref double? sumX, ref double? sumY, ref double? sumXx, ref double? sumYy, ref double? sumXy,
        double? x, double? y) =>
        Change(ref count, ref sumX, ref sumY, ref sumXx, ref sumYy, ref sumXy, x, y, -1);

    /// <summary>Joins two states.</summary>
    public static void Merge(
        ref long? count,
        ref double? sumX,
        ref double? sumY,
        ref double? sumXx,
        ref double? sumYy,
        ref double? sumXy,
        long? otherCount,
        double? otherX,
        double? otherY,
        double? otherXx,
        double? otherYy,
        double? otherXy)
    {
        count = (count ?? 0) + (otherCount ?? 0);
        sumX = (sumX ?? 0) + (otherX ?? 0);
        sumY = (sumY ?? 0) + (otherY ?? 0);
        sumXx = (sumXx ?? 0) + (otherXx ?? 0);
        sumYy = (sumYy ?? 0) + (otherYy ?? 0);
        sumXy = (sumXy ?? 0) + (otherXy ?? 0);
    }

    /// <summary>The coefficient; NaN of fewer than two pairs or a constant column.</summary>
    public static double Result(long? count, double? sumX, double? sumY, double? sumXx, double? sumYy, double? sumXy)
    {
        if (count is null or < 2)
        {
            return double.NaN;
        }

        double n = count.Value;
        var (x, y) = (sumX!.Value, sumY!.Value);
        var covariance = (n * sumXy!.Value) - (x * y);
        var spread = Math.Sqrt((n * sumXx!.Value) - (x * x)) * Math.Sqrt((n * sumYy!.Value) - (y * y));
        return spread == 0 ? double.NaN : covariance / spread;
    }

    private static void Change(
        ref long? count, ref double? sumX, ref double? sumY, ref double? sumXx, ref double? sumYy, ref double? sumXy,
        double? x, double? y, int sign)
    {
        if (x is not { } a || y is not { } b)
        {
            return;
        }

        count = (count ?? 0) + sign;
        sumX = (sumX ?? 0) + (sign * a);
        sumY = (sumY ?? 0) + (sign * b);
        sumXx = (sumXx ?? 0) + (sign * a * a);
        sumYy = (sumYy ?? 0) + (sign * b * b);
        sumXy = (sumXy ?? 0) + (sign * a * b);
    }
}
