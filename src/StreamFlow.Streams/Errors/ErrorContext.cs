using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Errors;

/// <summary>What an error handler is told about a failed record.</summary>
public sealed record ErrorContext
{
    /// <summary>Where on its way the record failed.</summary>
    public required RecordStage Stage { get; init; }

    /// <summary>The node that failed.</summary>
    public required string NodeName { get; init; }

    /// <summary>The task, as <c>subtopology_partition</c>.</summary>
    public required string TaskId { get; init; }

    /// <summary>The topic the input record came from; null during a punctuation.</summary>
    public string? Topic { get; init; }

    /// <summary>The partition of the input record; -1 during a punctuation.</summary>
    public int Partition { get; init; } = -1;

    /// <summary>The offset of the input record; -1 during a punctuation.</summary>
    public long Offset { get; init; } = -1;

    /// <summary>The time of the failed record in ms; -1 when unknown.</summary>
    public long Timestamp { get; init; } = -1;

    /// <summary>The headers of the input record.</summary>
    public Headers Headers { get; init; } = Headers.Empty;

    /// <summary>The input record's key as it was read; null when absent.</summary>
    public byte[]? SourceKey { get; init; }

    /// <summary>The input record's value as it was read; null when absent.</summary>
    public byte[]? SourceValue { get; init; }
}
