using System.Globalization;

namespace StreamFlow.Sql.Values;

/// <summary>A calendar day without zone.</summary>
/// <param name="Days">Days since 1970-01-01.</param>
public readonly record struct SqlDate(int Days) : IComparable<SqlDate>, IComparable
{
    /// <inheritdoc/>
    public int CompareTo(SqlDate other) => Days.CompareTo(other.Days);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is SqlDate other ? CompareTo(other) : 1;

    /// <summary>Order of days.</summary>
    public static bool operator <(SqlDate left, SqlDate right) => left.Days < right.Days;

    /// <summary>Order of days.</summary>
    public static bool operator <=(SqlDate left, SqlDate right) => left.Days <= right.Days;

    /// <summary>Order of days.</summary>
    public static bool operator >(SqlDate left, SqlDate right) => left.Days > right.Days;

    /// <summary>Order of days.</summary>
    public static bool operator >=(SqlDate left, SqlDate right) => left.Days >= right.Days;

    /// <summary>Midnight UTC of this day.</summary>
    public SqlTimestamp ToTimestamp() => new(Days * CalendarDate.MillisPerDay);

    /// <summary>ISO text, <c>yyyy-MM-dd</c>.</summary>
    public override string ToString()
    {
        var date = CalendarDate.FromEpochDay(Days);
        return string.Create(CultureInfo.InvariantCulture, $"{CalendarDate.YearText(date.Year)}-{date.Month:00}-{date.Day:00}");
    }
}
