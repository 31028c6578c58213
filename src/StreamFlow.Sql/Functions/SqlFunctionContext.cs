namespace StreamFlow.Sql.Functions;

/// <summary>
/// What functions see of the world outside their arguments. One instance serves one task, so it is used by one thread at a time.
/// A function that needs it takes it as its first parameter, which SQL does not see.
/// </summary>
public sealed class SqlFunctionContext
{
    /// <summary>Creates a context.</summary>
    /// <param name="time">The clock of UNIX_TIMESTAMP() and UNIX_DATE(); its local zone is the system zone of deprecated functions.</param>
    /// <param name="random">The source of RANDOM() and UUID().</param>
    public SqlFunctionContext(TimeProvider time, Random random)
    {
        Time = time;
        Random = random;
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The source of randomness.</summary>
    public Random Random { get; }
}
