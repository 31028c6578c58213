namespace StreamFlow.Sql.Testing.Running;

/// <summary>The outcome of a case and, unless it passed, why.</summary>
internal sealed record CaseResult(SqlTestOutcome Outcome, string Reason)
{
    public static CaseResult Passed { get; } = new(SqlTestOutcome.Passed, string.Empty);

    public static CaseResult Failed(string reason) => new(SqlTestOutcome.Failed, reason);

    public static CaseResult Skipped(string reason) => new(SqlTestOutcome.Skipped, reason);
}

/// <summary>A check of a case that did not hold.</summary>
internal sealed class CaseFailedException(string message) : Exception(message);
