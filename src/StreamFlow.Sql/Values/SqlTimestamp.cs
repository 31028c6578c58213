using System.Globalization;

namespace StreamFlow.Sql.Values;

/// <summary>A point in time.</summary>
/// <param name="Milliseconds">Milliseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct SqlTimestamp(long Milliseconds) : IComparable<SqlTimestamp>, IComparable
{
    /// <inheritdoc/>
    public int CompareTo(SqlTimestamp other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is SqlTimestamp other ? CompareTo(other) : 1;

    /// <summary>Order in time.</summary>
    public static bool operator <(SqlTimestamp left, SqlTimestamp right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Order in time.</summary>
    public static bool operator <=(SqlTimestamp left, SqlTimestamp right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Order in time.</summary>
    public static bool operator >(SqlTimestamp left, SqlTimestamp right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Order in time.</summary>
    public static bool operator >=(SqlTimestamp left, SqlTimestamp right) => left.Milliseconds >= right.Milliseconds;

    /// <summary>The day in UTC.</summary>
    public SqlDate ToDate() => new((int)CalendarDate.FloorDiv(Milliseconds, CalendarDate.MillisPerDay));

    /// <summary>The time of day in UTC.</summary>
    public SqlTime ToTime() => new((int)CalendarDate.FloorMod(Milliseconds, CalendarDate.MillisPerDay));

    /// <summary>ISO text in UTC, <c>yyyy-MM-ddTHH:mm:ss.SSS</c>.</summary>
    public override string ToString()
    {
        var ms = ToTime().Milliseconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ToDate()}T{ms / 3_600_000:00}:{ms / 60_000 % 60:00}:{ms / 1000 % 60:00}.{ms % 1000:000}");
    }
}
