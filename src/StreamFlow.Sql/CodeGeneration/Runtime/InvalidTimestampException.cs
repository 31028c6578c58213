using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.CodeGeneration.Runtime;

/// <summary>
/// The TIMESTAMP column of a record says no time, and <c>ksql.timestamp.throw.on.invalid</c> asks for an end of the query then.
/// </summary>
/// <param name="column">The column.</param>
public sealed class InvalidTimestampException(string column)
    : StreamFlowException($"The TIMESTAMP column {column} says no time; ksql.timestamp.throw.on.invalid=false skips such records.");
