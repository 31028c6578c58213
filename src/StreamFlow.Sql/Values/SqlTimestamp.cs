namespace StreamFlow.Sql.Values;

/// <summary>A TIMESTAMP: milliseconds since 1970-01-01T00:00 UTC.</summary>
/// <param name="Milliseconds">The count, in the unit of its name.</param>
public readonly record struct SqlTimestamp(long Milliseconds) : IComparable<SqlTimestamp>
{
    /// <inheritdoc/>
    public int CompareTo(SqlTimestamp other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>Compares in time order.</summary>
    public static bool operator <(SqlTimestamp left, SqlTimestamp right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Compares in time order.</summary>
    public static bool operator <=(SqlTimestamp left, SqlTimestamp right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Compares in time order.</summary>
    public static bool operator >(SqlTimestamp left, SqlTimestamp right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Compares in time order.</summary>
    public static bool operator >=(SqlTimestamp left, SqlTimestamp right) => left.Milliseconds >= right.Milliseconds;
}
