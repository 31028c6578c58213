namespace StreamFlow.Sql.Testing.Running;

/// <summary>How a case went.</summary>
internal enum CaseOutcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>The outcome of a case and, unless it passed, why.</summary>
internal sealed record CaseResult(CaseOutcome Outcome, string Reason)
{
    public static CaseResult Passed { get; } = new(CaseOutcome.Passed, string.Empty);

    public static CaseResult Failed(string reason) => new(CaseOutcome.Failed, reason);

    public static CaseResult Skipped(string reason) => new(CaseOutcome.Skipped, reason);
}

/// <summary>A check of a case that did not hold.</summary>
internal sealed class CaseFailedException(string message) : Exception(message);
