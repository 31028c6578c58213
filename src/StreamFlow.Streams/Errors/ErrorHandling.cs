namespace StreamFlow.Streams.Errors;

/// <summary>How a task treats records that fail. Handlers are called on the task's thread and must not block.</summary>
public sealed record ErrorHandling
{
    /// <summary>Stops at the first failed record of any kind: Kafka Streams' defaults.</summary>
    public static ErrorHandling Default { get; } = new();

    /// <summary>Asked about input that cannot be read. Default: fail.</summary>
    public Func<ErrorContext, Exception, ErrorResponse> OnDeserializationError { get; init; } = Fail;

    /// <summary>Asked about exceptions of user code and operators. Default: fail.</summary>
    public Func<ErrorContext, Exception, ErrorResponse> OnProcessingError { get; init; } = Fail;

    /// <summary>Asked about results that cannot be written. Default: fail.</summary>
    public Func<ErrorContext, Exception, ErrorResponse> OnProductionError { get; init; } = Fail;

    /// <summary>
    /// Where failed input records go, with their error, source position and stack in headers, whatever the handler answers;
    /// null for nowhere. Headers as in Kafka Streams (KIP-1034): <c>__streams.errors.exception</c> and so on.
    /// </summary>
    public string? DeadLetterTopic { get; init; }

    /// <summary>Answers <see cref="ErrorResponse.Continue"/>: drop, count, go on.</summary>
    public static ErrorResponse Continue(ErrorContext context, Exception exception) => ErrorResponse.Continue;

    /// <summary>Answers <see cref="ErrorResponse.Fail"/>.</summary>
    public static ErrorResponse Fail(ErrorContext context, Exception exception) => ErrorResponse.Fail;
}
