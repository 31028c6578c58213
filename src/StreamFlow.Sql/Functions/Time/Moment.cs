using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Time;

/// <summary>A point in time as the clocks of a zone show it, field by field.</summary>
internal readonly struct Moment
{
    private static readonly Dictionary<string, (string Standard, string Daylight)> Names = new(StringComparer.Ordinal)
    {
        ["America/Los_Angeles"] = ("PST", "PDT"),
        ["America/Denver"] = ("MST", "MDT"),
        ["America/Chicago"] = ("CST", "CDT"),
        ["America/New_York"] = ("EST", "EDT"),
        ["Europe/London"] = ("GMT", "BST"),
        ["Europe/Lisbon"] = ("WET", "WEST"),
        ["Europe/Berlin"] = ("CET", "CEST"),
        ["Europe/Paris"] = ("CET", "CEST"),
        ["Europe/Madrid"] = ("CET", "CEST"),
        ["Europe/Athens"] = ("EET", "EEST"),
        ["Asia/Tokyo"] = ("JST", "JDT"),
        ["Asia/Kolkata"] = ("IST", "IST"),
        ["Australia/Sydney"] = ("AEST", "AEDT"),
    };

    private readonly TimeZoneInfo _zone;
    private readonly long _utc;
    private readonly CalendarDate _date;
    private readonly int _ms;

    public Moment(long epochMilliseconds, TimeZoneInfo zone)
    {
        _zone = zone;
        _utc = epochMilliseconds;
        OffsetSeconds = SqlTimeZones.OffsetMilliseconds(zone, epochMilliseconds) / 1000;
        var local = epochMilliseconds + (OffsetSeconds * 1000L);
        _date = CalendarDate.FromEpochDay(CalendarDate.FloorDiv(local, CalendarDate.MillisPerDay));
        _ms = (int)CalendarDate.FloorMod(local, CalendarDate.MillisPerDay);
    }

    public int OffsetSeconds { get; }

    public long Field(PatternField field) => field switch
    {
        PatternField.Year => _date.Year,
        PatternField.YearOfEra => _date.Year > 0 ? _date.Year : 1 - _date.Year,
        PatternField.Era => _date.Year > 0 ? 1 : 0,
        PatternField.Quarter => ((_date.Month - 1) / 3) + 1,
        PatternField.Month => _date.Month,
        PatternField.Day => _date.Day,
        PatternField.DayOfYear => _date.DayOfYear,
        PatternField.DayOfWeek => _date.DayOfWeek,
        PatternField.WeekYear => WeekYear().Year,
        PatternField.WeekOfYear => WeekYear().Week,
        PatternField.WeekOfMonth => ((_date.Day - 1 + (new CalendarDate(_date.Year, _date.Month, 1).DayOfWeek % 7)) / 7) + 1,
        PatternField.AmPm => Hour >= 12 ? 1 : 0,
        PatternField.Hour24 => Hour,
        PatternField.Hour12 => Hour % 12 == 0 ? 12 : Hour % 12,
        PatternField.Hour11 => Hour % 12,
        PatternField.Hour1To24 => Hour == 0 ? 24 : Hour,
        PatternField.Minute => _ms / 60_000 % 60,
        PatternField.Second => _ms / 1000 % 60,
        PatternField.Nano => _ms % 1000 * 1_000_000L,
        PatternField.MilliOfDay => _ms,
        _ => _ms * 1_000_000L,
    };

    public string ZoneName(bool name)
    {
        if (!name)
        {
            return _zone == TimeZoneInfo.Utc ? "UTC" : _zone.Id;
        }

        if (!Names.TryGetValue(_zone.Id, out var names))
        {
            return _zone == TimeZoneInfo.Utc ? "UTC" : _zone.Id;
        }

        return _zone.IsDaylightSavingTime(DateTimeOffset.FromUnixTimeMilliseconds(_utc)) ? names.Daylight : names.Standard;
    }

    private int Hour => _ms / 3_600_000;

    // Weeks start on Sunday and the first has at least one day of the year.
    private (int Year, int Week) WeekYear()
    {
        var day = _date.ToEpochDay();
        var next = new CalendarDate(_date.Year + 1, 1, 1);
        if (day >= next.ToEpochDay() - (next.DayOfWeek % 7))
        {
            return (_date.Year + 1, 1);
        }

        var first = new CalendarDate(_date.Year, 1, 1);
        return (_date.Year, (int)((day - first.ToEpochDay() + (first.DayOfWeek % 7)) / 7) + 1);
    }
}
