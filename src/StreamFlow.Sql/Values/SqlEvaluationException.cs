using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Values;

/// <summary>
/// A value-level error while a SQL expression runs: text that is no number, an overflowing DECIMAL, an unknown time zone.
/// The expression it happened in yields null (a predicate yields false) and the row goes on; see the dialect's run-time rules.
/// </summary>
public sealed class SqlEvaluationException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was wrong with which value.</param>
    public SqlEvaluationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with the failure it came from.</summary>
    /// <param name="message">What was wrong with which value.</param>
    /// <param name="inner">The failure underneath.</param>
    public SqlEvaluationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
