using StreamFlow.Sql.Functions.Aggregates;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Functions;

public sealed class AggregatesTests
{
    [Fact]
    public void Variance_is_undone_and_merged()
    {
        double? sum = null, squares = null;
        long? count = null;
        foreach (var value in new double?[] { 1, 2, null, 4, 9 })
        {
            SampleVariance.Add(ref sum, ref count, ref squares, value);
        }

        SampleVariance.Undo(ref sum, ref count, ref squares, 9);
        Assert.Equal(7.0 / 3, SampleVariance.Result(sum, count, squares), 9);

        double? otherSum = null, otherSquares = null;
        long? otherCount = null;
        SampleVariance.Add(ref otherSum, ref otherCount, ref otherSquares, 9);
        SampleVariance.Merge(ref sum, ref count, ref squares, otherSum, otherCount, otherSquares);
        Assert.Equal(38.0 / 3, SampleVariance.Result(sum, count, squares), 9);
    }

    [Fact]
    public void The_top_is_descending_and_earlier_rows_win_ties()
    {
        SqlArray<int?>? keys = null;
        SqlArray<string?>? rows = null;
        foreach (var (key, row) in new (int?, string)[] { (1, "a"), (3, "b"), (3, "c"), (null, "d"), (2, "e") })
        {
            TopKRows.Add(ref keys, ref rows, key, row, 3);
        }

        Assert.Equal(new SqlArray<int?>(3, 3, 2), keys);
        Assert.Equal(new SqlArray<string?>("b", "c", "e"), rows);
    }

    [Fact]
    public void Distinct_counts_are_close()
    {
        byte[]? registers = null;
        for (var i = 0; i < 20_000; i++)
        {
            CountDistinct.Add(ref registers, (i % 10_000).ToString());
        }

        Assert.InRange(CountDistinct.Result(registers), 9_700, 10_300);
        Assert.Equal(0, CountDistinct.Result(null));
    }

    [Fact]
    public void First_and_last_values_follow_the_order_of_rows()
    {
        SqlArray<string?>? first = null, last = null, lastTwo = null;
        foreach (var value in new[] { null, "a", "b", null })
        {
            Earliest.Add(ref first, value, ignoreNulls: false);
            Latest.Add(ref last, value, ignoreNulls: true);
            LatestN.Add(ref lastTwo, value, 2, ignoreNulls: false);
        }

        Assert.Null(Earliest.Result(first, false));
        Assert.Equal("b", Latest.Result(last, true));
        Assert.Equal(new SqlArray<string?>("b", null), LatestN.Result(lastTwo, 2, false));
    }

    [Fact]
    public void Attributes_are_single_or_null()
    {
        SqlArray<int?>? values = null;
        SqlArray<long?>? counts = null;
        Attr.Add(ref values, ref counts, 1);
        Attr.Add(ref values, ref counts, 2);
        Assert.Null(Attr.Result(values, counts));
        Attr.Undo(ref values, ref counts, 1);
        Assert.Equal(2, Attr.Result(values, counts));
    }
}
