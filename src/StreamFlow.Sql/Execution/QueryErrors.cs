using StreamFlow.Sql.CodeGeneration.Runtime;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Sql.Execution;

/// <summary>What queries do about records that fail.</summary>
public static class QueryErrors
{
    /// <summary>
    /// Skips records that cannot be read, as <c>ksql.fail.on.deserialization.error=false</c> does; everything else stops the query.
    /// </summary>
    public static ErrorHandling Handling { get; } = new()
    {
        OnDeserializationError = static (_, exception) =>
            exception is InvalidTimestampException ? ErrorResponse.Fail : ErrorResponse.Continue,
    };
}
