namespace StreamFlow.Sql.Types;

/// <summary>How names are written in SQL text.</summary>
public static class SqlIdentifiers
{
    /// <summary>The name in backquotes, inner backquotes doubled.</summary>
    public static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
