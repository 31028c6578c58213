using StreamFlow.Sql.Functions.Time;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>
/// Functions over DATE, TIME and TIMESTAMP (section 17.8 of the language reference). Patterns are those of Java's DateTimeFormatter.
/// </summary>
public static class DateTimeFunctions
{
    private const string Category = "DATE / TIME";

    /// <summary>Moves the clock reading from one zone to another.</summary>
    [SqlFunction("CONVERT_TZ", Category = Category, Description = "Shifts a timestamp by the difference of two zones' offsets.")]
    public static SqlTimestamp ConvertTz(SqlTimestamp timestamp, string fromZone, string toZone)
    {
        var utc = SqlTimeZones.ToUtc(SqlTimeZones.Find(fromZone), timestamp.Milliseconds);
        return new SqlTimestamp(utc + SqlTimeZones.OffsetMilliseconds(SqlTimeZones.Find(toZone), utc));
    }

    /// <summary>Adds an interval to a day; the result is cut to whole days.</summary>
    [SqlFunction("DATEADD", Category = Category, Description = "Adds an interval to a DATE.")]
    public static SqlDate DateAdd(SqlTimeUnit unit, int interval, SqlDate date) => AddTo(date, Milliseconds(unit, interval));

    /// <summary>Subtracts an interval from a day; the result is cut to whole days.</summary>
    [SqlFunction("DATESUB", Category = Category, Description = "Subtracts an interval from a DATE.")]
    public static SqlDate DateSub(SqlTimeUnit unit, int interval, SqlDate date) => AddTo(date, -Milliseconds(unit, interval));

    /// <summary>Adds an interval to a time; wraps at midnight.</summary>
    [SqlFunction("TIMEADD", Category = Category, Description = "Adds an interval to a TIME.")]
    public static SqlTime TimeAdd(SqlTimeUnit unit, int interval, SqlTime time) => AddTo(time, Milliseconds(unit, interval));

    /// <summary>Subtracts an interval from a time; wraps at midnight.</summary>
    [SqlFunction("TIMESUB", Category = Category, Description = "Subtracts an interval from a TIME.")]
    public static SqlTime TimeSub(SqlTimeUnit unit, int interval, SqlTime time) => AddTo(time, -Milliseconds(unit, interval));

    /// <summary>Adds an interval to a timestamp.</summary>
    [SqlFunction("TIMESTAMPADD", Category = Category, Description = "Adds an interval to a TIMESTAMP.")]
    public static SqlTimestamp TimestampAdd(SqlTimeUnit unit, int interval, SqlTimestamp timestamp) =>
        new(timestamp.Milliseconds + Milliseconds(unit, interval));

    /// <summary>Subtracts an interval from a timestamp.</summary>
    [SqlFunction("TIMESTAMPSUB", Category = Category, Description = "Subtracts an interval from a TIMESTAMP.")]
    public static SqlTimestamp TimestampSub(SqlTimeUnit unit, int interval, SqlTimestamp timestamp) =>
        new(timestamp.Milliseconds - Milliseconds(unit, interval));

    /// <summary>A day as text.</summary>
    [SqlFunction("FORMAT_DATE", Category = Category, Description = "Formats a DATE.")]
    public static string FormatDate(SqlDate date, string pattern)
    {
        var compiled = DateTimePattern.Of(pattern);
        return compiled.HasTime
            ? throw new SqlEvaluationException($"The pattern '{pattern}' asks for a time of day, which a DATE has not.")
            : compiled.Format(date.ToTimestamp().Milliseconds, TimeZoneInfo.Utc);
    }

    /// <summary>A time of day as text.</summary>
    [SqlFunction("FORMAT_TIME", Category = Category, Description = "Formats a TIME.")]
    public static string FormatTime(SqlTime time, string pattern)
    {
        var compiled = DateTimePattern.Of(pattern);
        return compiled.HasDate
            ? throw new SqlEvaluationException($"The pattern '{pattern}' asks for a date, which a TIME has not.")
            : compiled.Format(time.Milliseconds, TimeZoneInfo.Utc);
    }

    /// <summary>A timestamp as text, in UTC.</summary>
    [SqlFunction("FORMAT_TIMESTAMP", Category = Category, Description = "Formats a TIMESTAMP.")]
    public static string FormatTimestamp(SqlTimestamp timestamp, string pattern) =>
        DateTimePattern.Of(pattern).Format(timestamp.Milliseconds, TimeZoneInfo.Utc);

    /// <summary>A timestamp as text, in a zone.</summary>
    [SqlFunction("FORMAT_TIMESTAMP", Category = Category)]
    public static string FormatTimestamp(SqlTimestamp timestamp, string pattern, string zone) =>
        DateTimePattern.Of(pattern).Format(timestamp.Milliseconds, SqlTimeZones.Find(zone));

    /// <summary>Days since the epoch as a day.</summary>
    [SqlFunction("FROM_DAYS", Category = Category, Description = "Days since the epoch as a DATE.")]
    public static SqlDate FromDays(int days) => new(days);

    /// <summary>Milliseconds since the epoch as a timestamp.</summary>
    [SqlFunction("FROM_UNIXTIME", Category = Category, Description = "Milliseconds since the epoch as a TIMESTAMP.")]
    public static SqlTimestamp FromUnixtime(long milliseconds) => new(milliseconds);

    /// <summary>Reads a day; the pattern may not ask for a time.</summary>
    [SqlFunction("PARSE_DATE", Category = Category, Description = "Reads a DATE by a pattern.")]
    public static SqlDate ParseDate(string text, string pattern)
    {
        var compiled = DateTimePattern.Of(pattern);
        return compiled.HasTime
            ? throw new SqlEvaluationException($"The pattern '{pattern}' asks for a time of day, which a DATE has not.")
            : new SqlDate((int)compiled.Parse(text).EpochDay());
    }

    /// <summary>Reads a time of day; the pattern may not ask for a date.</summary>
    [SqlFunction("PARSE_TIME", Category = Category, Description = "Reads a TIME by a pattern.")]
    public static SqlTime ParseTime(string text, string pattern)
    {
        var compiled = DateTimePattern.Of(pattern);
        return compiled.HasDate
            ? throw new SqlEvaluationException($"The pattern '{pattern}' asks for a date, which a TIME has not.")
            : new SqlTime((int)(compiled.Parse(text).MillisecondOfDay() % CalendarDate.MillisPerDay));
    }

    /// <summary>Reads a timestamp; UTC unless the text has a zone. Missing parts are those of 1970-01-01T00:00.</summary>
    [SqlFunction("PARSE_TIMESTAMP", Category = Category, Description = "Reads a TIMESTAMP by a pattern.")]
    public static SqlTimestamp ParseTimestamp(string text, string pattern) =>
        new(DateTimePattern.Of(pattern).ParseTimestamp(text, TimeZoneInfo.Utc));

    /// <summary>Reads a timestamp in a zone, unless the text has one.</summary>
    [SqlFunction("PARSE_TIMESTAMP", Category = Category)]
    public static SqlTimestamp ParseTimestamp(string text, string pattern, string zone) =>
        new(DateTimePattern.Of(pattern).ParseTimestamp(text, SqlTimeZones.Find(zone)));

    /// <summary>Today in UTC as days since the epoch.</summary>
    [SqlFunction("UNIX_DATE", Category = Category, Description = "Days since the epoch, of today or of a DATE.")]
    public static int UnixDate(SqlFunctionContext context) => new SqlTimestamp(UnixTimestamp(context)).ToDate().Days;

    /// <summary>A day as days since the epoch.</summary>
    [SqlFunction("UNIX_DATE", Category = Category)]
    public static int UnixDate(SqlDate date) => date.Days;

    /// <summary>Now as milliseconds since the epoch.</summary>
    [SqlFunction("UNIX_TIMESTAMP", Category = Category, Description = "Milliseconds since the epoch, of now or of a TIMESTAMP.")]
    public static long UnixTimestamp(SqlFunctionContext context) => context.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A timestamp as milliseconds since the epoch.</summary>
    [SqlFunction("UNIX_TIMESTAMP", Category = Category)]
    public static long UnixTimestamp(SqlTimestamp timestamp) => timestamp.Milliseconds;

    /// <summary>Deprecated: days since the epoch as text.</summary>
    [SqlFunction("DATETOSTRING", Category = Category, Description = "Deprecated; use FORMAT_DATE.")]
    public static string DateToString(int days, string pattern) => FormatDate(new SqlDate(days), pattern);

    /// <summary>Deprecated: reads a day as days since the epoch.</summary>
    [SqlFunction("STRINGTODATE", Category = Category, Description = "Deprecated; use PARSE_DATE.")]
    public static int StringToDate(string text, string pattern) => (int)DateTimePattern.Of(pattern).Parse(text).EpochDay();

    /// <summary>Deprecated: reads milliseconds since the epoch, in the system's zone unless the text has one.</summary>
    [SqlFunction("STRINGTOTIMESTAMP", Category = Category, Description = "Deprecated; use PARSE_TIMESTAMP.")]
    public static long StringToTimestamp(SqlFunctionContext context, string text, string pattern) =>
        DateTimePattern.Of(pattern).ParseTimestamp(text, context.Time.LocalTimeZone);

    /// <summary>Deprecated: reads milliseconds since the epoch in a zone, unless the text has one.</summary>
    [SqlFunction("STRINGTOTIMESTAMP", Category = Category)]
    public static long StringToTimestamp(string text, string pattern, string zone) => ParseTimestamp(text, pattern, zone).Milliseconds;

    /// <summary>Deprecated: milliseconds since the epoch as text, in the system's zone.</summary>
    [SqlFunction("TIMESTAMPTOSTRING", Category = Category, Description = "Deprecated; use FORMAT_TIMESTAMP.")]
    public static string TimestampToString(SqlFunctionContext context, long milliseconds, string pattern) =>
        DateTimePattern.Of(pattern).Format(milliseconds, context.Time.LocalTimeZone);

    /// <summary>Deprecated: milliseconds since the epoch as text, in a zone.</summary>
    [SqlFunction("TIMESTAMPTOSTRING", Category = Category)]
    public static string TimestampToString(long milliseconds, string pattern, string zone) =>
        FormatTimestamp(new SqlTimestamp(milliseconds), pattern, zone);

    private static SqlDate AddTo(SqlDate date, long milliseconds) =>
        new SqlTimestamp(date.ToTimestamp().Milliseconds + milliseconds).ToDate();

    private static SqlTime AddTo(SqlTime time, long milliseconds) =>
        new((int)CalendarDate.FloorMod(time.Milliseconds + milliseconds, CalendarDate.MillisPerDay));

    private static long Milliseconds(SqlTimeUnit unit, int count) => count * unit switch
    {
        SqlTimeUnit.Milliseconds => 1L,
        SqlTimeUnit.Seconds => 1000L,
        SqlTimeUnit.Minutes => 60_000L,
        SqlTimeUnit.Hours => 3_600_000L,
        _ => CalendarDate.MillisPerDay,
    };
}
