using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Values;

public sealed class SqlCastTests
{
    [Theory]
    [InlineData("2020", "2020-01-01T00:00:00.000")]
    [InlineData("2020-03", "2020-03-01T00:00:00.000")]
    [InlineData("2020-03-04T05", "2020-03-04T05:00:00.000")]
    [InlineData("2020-03-04T05:06", "2020-03-04T05:06:00.000")]
    [InlineData("2020-03-04T05:06:07.08", "2020-03-04T05:06:07.080")]
    [InlineData("2020-03-04T05:06:07Z", "2020-03-04T05:06:07.000")]
    [InlineData("2020-03-04T05:06:07+0100", "2020-03-04T04:06:07.000")]
    public void Partial_timestamps_are_completed_with_zeros(string text, string expected) =>
        Assert.Equal(expected, SqlCast.ToTimestamp(text).ToString());

    [Theory]
    [InlineData("foo")]
    [InlineData("2020-13-01")]
    [InlineData("2020-02-30")]
    [InlineData("2020-01-01T25:00")]
    public void Text_that_is_no_timestamp_is_an_error(string text) => Assert.Throws<SqlEvaluationException>(() => SqlCast.ToTimestamp(text));

    [Theory]
    [InlineData("00:00:00.010", 10)]
    [InlineData("00:00:01", 1000)]
    [InlineData("00:01", 60000)]
    public void Times_may_leave_out_seconds(string text, int expected) => Assert.Equal(new SqlTime(expected), SqlCast.ToTime(text));

    [Theory]
    [InlineData(" t ", true)]
    [InlineData("YES", true)]
    [InlineData("truthy", false)]
    [InlineData("", false)]
    [InlineData("no", false)]
    public void Booleans_come_from_prefixes(string text, bool expected) => Assert.Equal(expected, SqlCast.ToBoolean(text));

    [Fact]
    public void Doubles_truncate_toward_zero_and_saturate()
    {
        Assert.Equal(-1, SqlCast.ToInt32(-1.9));
        Assert.Equal(int.MaxValue, SqlCast.ToInt32(1e20));
        Assert.Equal(0, SqlCast.ToInt64(double.NaN));
        Assert.Equal(long.MaxValue, SqlCast.ToInt64(1e300));
    }

    [Fact]
    public void Structural_equality_covers_bytes()
    {
        Assert.Equal(new SqlArray<byte[]?>([1, 2], null), new SqlArray<byte[]?>([1, 2], null));
        Assert.True(SqlOrder<byte[]?>.Compare([0x80], [0x01]) < 0);
        Assert.True(SqlOrder<byte[]?>.Compare([1], [1, 0]) < 0);
    }
}
