using StreamFlow.Sql.Functions;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Functions;

public sealed class DateTimeFunctionsTests
{
    [Theory]
    [InlineData("2021-03-04 05:06:07.089", "yyyy-MM-dd HH:mm:ss.SSS", "2021-03-04T05:06:07.089")]
    [InlineData("20210304", "yyyyMMdd", "2021-03-04T00:00:00.000")]
    [InlineData("20210304050607089", "yyyyMMddHHmmssSSS", "2021-03-04T05:06:07.089")]
    [InlineData("4 MAR 2021", "d MMM yyyy", "2021-03-04T00:00:00.000")]
    [InlineData("Thursday, March 4, 2021 3:04 pm", "EEEE, MMMM d, yyyy h:mm a", "2021-03-04T15:04:00.000")]
    [InlineData("2021-03-04T05:06:07+0100", "yyyy-MM-dd'T'HH:mm:ssX", "2021-03-04T04:06:07.000")]
    [InlineData("2021-03-04T05:06:07Z", "yyyy-MM-dd'T'HH:mm:ssX", "2021-03-04T05:06:07.000")]
    [InlineData("2021-060", "yyyy-DDD", "2021-03-01T00:00:00.000")]
    [InlineData("2021-03-04", "yyyy-MM-dd[ HH:mm]", "2021-03-04T00:00:00.000")]
    [InlineData("2021-03-04 05:06", "yyyy-MM-dd[ HH:mm]", "2021-03-04T05:06:00.000")]
    [InlineData("2021-02-31", "yyyy-MM-dd", "2021-02-28T00:00:00.000")]
    [InlineData("21-3-4", "yy-M-d", "2021-03-04T00:00:00.000")]
    [InlineData("10:20", "HH:mm", "1970-01-01T10:20:00.000")]
    public void Timestamps_are_read_by_java_patterns(string text, string pattern, string expected) =>
        Assert.Equal(expected, DateTimeFunctions.ParseTimestamp(text, pattern).ToString());

    [Theory]
    [InlineData("2021-13-04", "yyyy-MM-dd")]
    [InlineData("2021-03-04x", "yyyy-MM-dd")]
    [InlineData("2021-3-4", "yyyy-MM-dd")]
    [InlineData("2021", "yyyy-{")]
    [InlineData("25:00", "HH:mm")]
    public void Text_or_pattern_that_does_not_fit_is_an_error(string text, string pattern) =>
        Assert.Throws<SqlEvaluationException>(() => DateTimeFunctions.ParseTimestamp(text, pattern));

    [Fact]
    public void A_zone_moves_the_clock_and_one_in_the_text_wins()
    {
        Assert.Equal("2021-03-04T13:06:00.000", DateTimeFunctions.ParseTimestamp("2021-03-04 05:06", "yyyy-MM-dd HH:mm", "America/Los_Angeles").ToString());
        Assert.Equal("2021-07-04T12:06:00.000", DateTimeFunctions.ParseTimestamp("2021-07-04 05:06", "yyyy-MM-dd HH:mm", "PST").ToString());
        Assert.Equal("2021-03-04T05:06:00.000", DateTimeFunctions.ParseTimestamp("2021-03-04 05:06 UTC", "yyyy-MM-dd HH:mm z", "PST").ToString());
    }

    [Theory]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss.SSS", "UTC", "2021-03-04T05:06:07.089")]
    [InlineData("EEE d MMMM yy, h a", "UTC", "Thu 4 March 21, 5 AM")]
    [InlineData("HH:mm z", "America/Los_Angeles", "21:06 PST")]
    [InlineData("HH:mm XXX", "+0200", "07:06 +02:00")]
    [InlineData("HH:mm X Z xxx VV", "UTC", "05:06 Z +0000 +00:00 UTC")]
    [InlineData("D w e 'o''clock'", "UTC", "63 10 4 o'clock")]
    public void Timestamps_are_written_by_java_patterns(string pattern, string zone, string expected)
    {
        var timestamp = SqlCast.ToTimestamp("2021-03-04T05:06:07.089");
        Assert.Equal(expected, DateTimeFunctions.FormatTimestamp(timestamp, pattern, zone));
    }

    [Fact]
    public void Arithmetic_cuts_days_and_wraps_times()
    {
        Assert.Equal(new SqlDate(1), DateTimeFunctions.DateAdd(SqlTimeUnit.Hours, 25, new SqlDate(0)));
        Assert.Equal(new SqlDate(-1), DateTimeFunctions.DateSub(SqlTimeUnit.Milliseconds, 1, new SqlDate(0)));
        Assert.Equal(new SqlTime(86_399_000), DateTimeFunctions.TimeSub(SqlTimeUnit.Seconds, 1, new SqlTime(0)));
        Assert.Equal(new SqlTimestamp(172_800_000), DateTimeFunctions.TimestampAdd(SqlTimeUnit.Days, 2, new SqlTimestamp(0)));
        Assert.Equal(new SqlTimestamp(-28_800_000), DateTimeFunctions.ConvertTz(new SqlTimestamp(0), "UTC", "America/Los_Angeles"));
    }

    [Fact]
    public void Dates_know_no_time_and_times_no_date()
    {
        Assert.Throws<SqlEvaluationException>(() => DateTimeFunctions.ParseDate("2021-03-04 10", "yyyy-MM-dd HH"));
        Assert.Throws<SqlEvaluationException>(() => DateTimeFunctions.ParseTime("2021 10", "yyyy HH"));
        Assert.Equal(new SqlTime(37_800_000), DateTimeFunctions.ParseTime("10:30 Am", "hh:mm a"));
    }
}
