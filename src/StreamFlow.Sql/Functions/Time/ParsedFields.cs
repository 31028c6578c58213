using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Time;

/// <summary>The fields a text gave, and what they mean together. Rules are those of Java's "smart" resolver.</summary>
internal sealed class ParsedFields
{
    private readonly Dictionary<PatternField, long> _values = [];

    public TimeZoneInfo? Zone { get; set; }

    public void Clear()
    {
        _values.Clear();
        Zone = null;
    }

    public ParsedFields Copy()
    {
        var copy = new ParsedFields { Zone = Zone };
        foreach (var (field, value) in _values)
        {
            copy._values[field] = value;
        }

        return copy;
    }

    /// <summary>Sets a field; a second, different value is a contradiction.</summary>
    public bool TrySet(PatternField field, long value)
    {
        if (_values.TryGetValue(field, out var already) && already != value)
        {
            return false;
        }

        _values[field] = value;
        return true;
    }

    /// <summary>Epoch day; missing year, month, day are 1970, 1, 1.</summary>
    public long EpochDay()
    {
        if (_values.TryGetValue(PatternField.WeekYear, out var weekYear))
        {
            return WeekDate(weekYear);
        }

        var year = Year();
        if (_values.TryGetValue(PatternField.DayOfYear, out var dayOfYear))
        {
            var first = new CalendarDate(year, 1, 1).ToEpochDay();
            return first + In(dayOfYear, 1, CalendarDate.IsLeapYear(year) ? 366 : 365, "day of year") - 1;
        }

        var quarter = _values.TryGetValue(PatternField.Quarter, out var q) ? ((int)In(q, 1, 4, "quarter") * 3) - 2 : 1;
        var month = (int)In(_values.GetValueOrDefault(PatternField.Month, quarter), 1, 12, "month");
        var day = (int)In(_values.GetValueOrDefault(PatternField.Day, 1), 1, 31, "day of month");
        return new CalendarDate(year, month, Math.Min(day, CalendarDate.DaysInMonth(year, month))).ToEpochDay();
    }

    /// <summary>Milliseconds since midnight; 24:00 is the next midnight.</summary>
    public long MillisecondOfDay()
    {
        if (_values.TryGetValue(PatternField.MilliOfDay, out var milli))
        {
            return In(milli, 0, CalendarDate.MillisPerDay - 1, "millisecond of day");
        }

        if (_values.TryGetValue(PatternField.NanoOfDay, out var nano))
        {
            return nano / 1_000_000;
        }

        var minute = In(_values.GetValueOrDefault(PatternField.Minute), 0, 59, "minute");
        var second = In(_values.GetValueOrDefault(PatternField.Second), 0, 59, "second");
        var millisecond = In(_values.GetValueOrDefault(PatternField.Nano), 0, 999_999_999, "nanosecond") / 1_000_000;
        return (((((Hour() * 60) + minute) * 60) + second) * 1000) + millisecond;
    }

    private long Hour()
    {
        if (_values.TryGetValue(PatternField.Hour24, out var hour))
        {
            return In(hour, 0, 24, "hour");
        }

        if (_values.TryGetValue(PatternField.Hour1To24, out var clockHour))
        {
            return In(clockHour, 1, 24, "hour") % 24;
        }

        var half = _values.GetValueOrDefault(PatternField.AmPm) * 12;
        if (_values.TryGetValue(PatternField.Hour12, out var hour12))
        {
            return (In(hour12, 1, 12, "hour") % 12) + half;
        }

        return _values.TryGetValue(PatternField.Hour11, out var hour11) ? In(hour11, 0, 11, "hour") + half : 0;
    }

    private int Year()
    {
        if (_values.TryGetValue(PatternField.Year, out var year))
        {
            return (int)In(year, -999_999_999, 999_999_999, "year");
        }

        var ofEra = (int)In(_values.GetValueOrDefault(PatternField.YearOfEra, 1970), 1, 999_999_999, "year");
        return _values.GetValueOrDefault(PatternField.Era, 1) == 1 ? ofEra : 1 - ofEra;
    }

    // Weeks start on Sunday and the first has at least one day of the year (the rule of Java's US and root-English locales).
    private long WeekDate(long weekYear)
    {
        var first = new CalendarDate((int)weekYear, 1, 1);
        var week = _values.GetValueOrDefault(PatternField.WeekOfYear, 1);
        var day = _values.GetValueOrDefault(PatternField.DayOfWeek, 7) % 7;
        return first.ToEpochDay() - (first.DayOfWeek % 7) + ((In(week, 1, 53, "week") - 1) * 7) + day;
    }

    private static long In(long value, long min, long max, string field) => value >= min && value <= max
        ? value
        : throw new SqlEvaluationException($"{value} is no {field}: it lies between {min} and {max}.");
}
