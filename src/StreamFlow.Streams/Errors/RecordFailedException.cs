namespace StreamFlow.Streams.Errors;

/// <summary>A record failed and the error handler said to stop. The inner exception is the cause.</summary>
public sealed class RecordFailedException : StreamsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="context">Which record, where.</param>
    /// <param name="cause">What happened.</param>
    public RecordFailedException(ErrorContext context, Exception cause)
        : base(Describe(context, cause), cause) => Context = context;

    /// <summary>Which record failed, and where.</summary>
    public ErrorContext Context { get; }

    private static string Describe(ErrorContext context, Exception cause) =>
        $"{context.Stage} failed in node '{context.NodeName}' of task {context.TaskId} "
        + (context.Topic is null
            ? "during a punctuation"
            : $"for the record at {context.Topic}-{context.Partition} offset {context.Offset}")
        + $": {cause.Message} To skip such records, let the {context.Stage} error handler answer Continue.";
}
