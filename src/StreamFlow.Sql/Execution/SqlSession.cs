namespace StreamFlow.Sql.Execution;

/// <summary>What SET and DEFINE have given; lives as long as a connection, or a script.</summary>
public sealed class SqlSession
{
    /// <summary>Overrides of configuration, by name.</summary>
    public Dictionary<string, string> Properties { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables, by name.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.OrdinalIgnoreCase);
}
