using System.Collections.Concurrent;
using System.Globalization;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Time;

/// <summary>
/// Finds time zones by the ids Java knows: IANA names, <c>UTC</c>, <c>Z</c>, <c>PST</c> and the like, offsets like <c>+0200</c>.
/// </summary>
internal static class SqlTimeZones
{
    private const int CacheLimit = 1024;
    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Cache = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> ShortIds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PST"] = "America/Los_Angeles",
        ["PDT"] = "America/Los_Angeles",
        ["PT"] = "America/Los_Angeles",
        ["MST"] = "America/Denver",
        ["MDT"] = "America/Denver",
        ["CST"] = "America/Chicago",
        ["CDT"] = "America/Chicago",
        ["EST"] = "America/New_York",
        ["EDT"] = "America/New_York",
        ["BST"] = "Europe/London",
        ["CET"] = "Europe/Paris",
        ["CEST"] = "Europe/Paris",
        ["EET"] = "Europe/Athens",
        ["IST"] = "Asia/Kolkata",
        ["JST"] = "Asia/Tokyo",
    };

    public static TimeZoneInfo Find(string id)
    {
        if (Cache.TryGetValue(id, out var known))
        {
            return known;
        }

        if (TryFind(id) is not { } zone)
        {
            throw new SqlEvaluationException($"'{id}' is no time zone: use an id like Europe/Berlin or an offset like +0200.");
        }

        if (Cache.Count < CacheLimit)
        {
            Cache[id] = zone;
        }

        return zone;
    }

    public static TimeZoneInfo? TryFind(string id)
    {
        var name = id.Trim();
        if (name is "Z" or "z"
            || name.Equals("UTC", StringComparison.OrdinalIgnoreCase)
            || name.Equals("GMT", StringComparison.OrdinalIgnoreCase)
            || name.Equals("UT", StringComparison.OrdinalIgnoreCase))
        {
            return TimeZoneInfo.Utc;
        }

        var offset = name.StartsWith("UTC", StringComparison.Ordinal) || name.StartsWith("GMT", StringComparison.Ordinal)
            ? name[3..]
            : name;
        if (TryParseOffset(offset, out var seconds))
        {
            return Fixed(seconds);
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(ShortIds.GetValueOrDefault(name, name), out var zone) ? zone : null;
    }

    /// <summary>A zone of a fixed offset.</summary>
    public static TimeZoneInfo Fixed(int offsetSeconds)
    {
        // TimeZoneInfo has no seconds in its offsets and none beyond 14 hours; neither has any zone in use.
        var offset = TimeSpan.FromMinutes(offsetSeconds / 60);
        var id = FormatOffset(offsetSeconds, "+HH:mm");
        return Math.Abs(offset.TotalHours) <= 14
            ? TimeZoneInfo.CreateCustomTimeZone(id, offset, id, id)
            : throw new SqlEvaluationException($"The offset {id} is beyond 14 hours.");
    }

    public static int OffsetMilliseconds(TimeZoneInfo zone, long utcMilliseconds)
    {
        var clamped = Math.Clamp(utcMilliseconds, -62_135_596_800_000, 253_402_300_799_999);
        return (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(clamped)).TotalMilliseconds;
    }

    /// <summary>
    /// Local wall time to UTC; a time in a gap moves forward by the gap, an overlap takes the earlier offset, as Java does.
    /// </summary>
    public static long ToUtc(TimeZoneInfo zone, long localMilliseconds)
    {
        var before = OffsetMilliseconds(zone, localMilliseconds - 86_400_000);
        var utc = localMilliseconds - before;
        if (OffsetMilliseconds(zone, utc) == before)
        {
            return utc;
        }

        var after = OffsetMilliseconds(zone, localMilliseconds + 86_400_000);
        var later = localMilliseconds - after;
        return OffsetMilliseconds(zone, later) == after ? later : utc;
    }

    public static string FormatOffset(int seconds, string form)
    {
        var sign = seconds < 0 ? '-' : '+';
        var minutes = Math.Abs(seconds) / 60;
        return form switch
        {
            "+HH" => string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes / 60:00}"),
            "+HHmm?" when minutes % 60 == 0 => string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes / 60:00}"),
            "+HHmm" or "+HHmm?" => string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes / 60:00}{minutes % 60:00}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes / 60:00}:{minutes % 60:00}"),
        };
    }

    private static bool TryParseOffset(string text, out int seconds)
    {
        seconds = 0;
        if (text.Length < 2 || text[0] is not ('+' or '-'))
        {
            return false;
        }

        var digits = text[1..].Replace(":", string.Empty, StringComparison.Ordinal);
        if (digits.Length is 0 or > 6 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var (hours, minutes) = digits.Length switch
        {
            1 or 2 => (number, 0),
            4 => (number / 100, number % 100),
            6 => (number / 10_000, number / 100 % 100),
            _ => (99, 99),
        };
        seconds = ((hours * 60) + minutes) * (text[0] == '-' ? -60 : 60);
        return hours <= 18 && minutes < 60;
    }
}
