namespace StreamFlow.Sql.Execution;

/// <summary>A push query that runs for one reader.</summary>
internal sealed record TransientQuery(string Id, string Sql, IRunningTopology Running, TransientRows Rows);
