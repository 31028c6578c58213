namespace StreamFlow.Sql.Values;

/// <summary>A DATE: days since 1970-01-01.</summary>
/// <param name="Days">The count, in the unit of its name.</param>
public readonly record struct SqlDate(int Days) : IComparable<SqlDate>
{
    /// <inheritdoc/>
    public int CompareTo(SqlDate other) => Days.CompareTo(other.Days);

    /// <summary>Compares in time order.</summary>
    public static bool operator <(SqlDate left, SqlDate right) => left.Days < right.Days;

    /// <summary>Compares in time order.</summary>
    public static bool operator <=(SqlDate left, SqlDate right) => left.Days <= right.Days;

    /// <summary>Compares in time order.</summary>
    public static bool operator >(SqlDate left, SqlDate right) => left.Days > right.Days;

    /// <summary>Compares in time order.</summary>
    public static bool operator >=(SqlDate left, SqlDate right) => left.Days >= right.Days;
}
