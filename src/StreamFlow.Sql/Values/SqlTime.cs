namespace StreamFlow.Sql.Values;

/// <summary>A TIME: milliseconds since midnight.</summary>
/// <param name="Milliseconds">The count, in the unit of its name.</param>
public readonly record struct SqlTime(int Milliseconds) : IComparable<SqlTime>
{
    /// <inheritdoc/>
    public int CompareTo(SqlTime other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>Compares in time order.</summary>
    public static bool operator <(SqlTime left, SqlTime right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Compares in time order.</summary>
    public static bool operator <=(SqlTime left, SqlTime right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Compares in time order.</summary>
    public static bool operator >(SqlTime left, SqlTime right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Compares in time order.</summary>
    public static bool operator >=(SqlTime left, SqlTime right) => left.Milliseconds >= right.Milliseconds;
}
