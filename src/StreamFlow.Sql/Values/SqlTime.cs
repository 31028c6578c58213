using System.Globalization;

namespace StreamFlow.Sql.Values;

/// <summary>A time of day without zone.</summary>
/// <param name="Milliseconds">Milliseconds since midnight.</param>
public readonly record struct SqlTime(int Milliseconds) : IComparable<SqlTime>, IComparable
{
    /// <inheritdoc/>
    public int CompareTo(SqlTime other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is SqlTime other ? CompareTo(other) : 1;

    /// <summary>Order within the day.</summary>
    public static bool operator <(SqlTime left, SqlTime right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Order within the day.</summary>
    public static bool operator <=(SqlTime left, SqlTime right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Order within the day.</summary>
    public static bool operator >(SqlTime left, SqlTime right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Order within the day.</summary>
    public static bool operator >=(SqlTime left, SqlTime right) => left.Milliseconds >= right.Milliseconds;

    /// <summary>ISO text, <c>HH:mm:ss</c>, with <c>.SSS</c> when there are milliseconds.</summary>
    public override string ToString()
    {
        var seconds = Milliseconds / 1000;
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        return Milliseconds % 1000 == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}.{Milliseconds % 1000:000}");
    }
}
