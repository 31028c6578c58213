using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Values;

public sealed class SqlTextTests
{
    [Theory]
    [InlineData(1, "1.0")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0001, "1.0E-4")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(9999999, "9999999.0")]
    [InlineData(1e10, "1.0E10")]
    [InlineData(-12345678.9, "-1.23456789E7")]
    [InlineData(123456789012345680, "1.2345678901234568E17")]
    [InlineData(double.MaxValue, "1.7976931348623157E308")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(-0.0, "-0.0")]
    public void Doubles_print_as_java_prints_them(double value, string expected) => Assert.Equal(expected, SqlText.Of(value));

    [Fact]
    public void Collections_print_their_elements()
    {
        Assert.Equal("[1, null, 3]", new SqlArray<int?>(1, null, 3).ToString());
        Assert.Equal("{a=1.0, b=null}", new SqlMap<string, double?>(new("a", 1), new KeyValuePair<string, double?>("b", null)).ToString());
    }

    [Fact]
    public void Temporal_values_print_iso_text()
    {
        Assert.Equal("1970-01-02", new SqlDate(1).ToString());
        Assert.Equal("00:00:05", new SqlTime(5000).ToString());
        Assert.Equal("00:00:05.010", new SqlTime(5010).ToString());
        Assert.Equal("1969-12-31T23:59:59.999", new SqlTimestamp(-1).ToString());
    }
}
