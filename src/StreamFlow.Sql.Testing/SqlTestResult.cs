namespace StreamFlow.Sql.Testing;

/// <summary>How one case went.</summary>
/// <param name="Id">The case's id.</param>
/// <param name="Suite"><c>qtt</c> or <c>rest</c>.</param>
/// <param name="IsNegative">Whether an error is expected.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Reason">Why it failed or was skipped, on one line; empty when it passed.</param>
public sealed record SqlTestResult(string Id, string Suite, bool IsNegative, SqlTestOutcome Outcome, string Reason);

/// <summary>How a case went.</summary>
public enum SqlTestOutcome
{
    /// <summary>What came out is what was expected.</summary>
    Passed,

    /// <summary>Something else came out.</summary>
    Failed,

    /// <summary>It was not run.</summary>
    Skipped,
}
