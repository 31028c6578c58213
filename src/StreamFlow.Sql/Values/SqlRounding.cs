namespace StreamFlow.Sql.Values;

/// <summary>What happens to digits that a smaller scale cannot hold.</summary>
public enum SqlRounding
{
    /// <summary>Halves away from zero (Java's HALF_UP); the rule of casts.</summary>
    HalfUp,

    /// <summary>Toward zero.</summary>
    Down,

    /// <summary>Halves toward positive infinity; the rule of ROUND.</summary>
    HalfTowardPositive,

    /// <summary>Toward positive infinity.</summary>
    Ceiling,

    /// <summary>Toward negative infinity.</summary>
    Floor,

    /// <summary>Lost digits are an error; the rule of division.</summary>
    Unnecessary,
}
