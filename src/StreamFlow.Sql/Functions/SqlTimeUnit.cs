namespace StreamFlow.Sql.Functions;

/// <summary>An interval unit written as a bare word in a call: <c>DATEADD(DAYS, 3, d)</c>.</summary>
public enum SqlTimeUnit
{
    /// <summary>1 ms.</summary>
    Milliseconds,

    /// <summary>1000 ms.</summary>
    Seconds,

    /// <summary>60 seconds.</summary>
    Minutes,

    /// <summary>60 minutes.</summary>
    Hours,

    /// <summary>24 hours.</summary>
    Days,
}
