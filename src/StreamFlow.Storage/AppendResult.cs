using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage;

/// <summary>What became of an append. A refusal is a value, not an exception: it is an everyday answer to a client.</summary>
public readonly record struct AppendResult
{
    /// <summary>NONE, or why the batch was refused.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The reason in words, null when there is no error.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Offset of the first record; of the original one when this was a duplicate; -1 on errors.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Offset of the last record; -1 on errors.</summary>
    public long LastOffset { get; init; }

    /// <summary>The time of the append (ms) with LogAppendTime, else -1.</summary>
    public long LogAppendTime { get; init; }

    /// <summary>First offset of the log.</summary>
    public long LogStartOffset { get; init; }

    /// <summary>Whether the batch was there already and nothing was appended.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>Numbers within the batch of the records it was refused for; null when it is not about single ones.</summary>
    public IReadOnlyList<int>? RefusedRecords { get; init; }

    /// <summary>Whether <c>flush.messages</c> asks for a flush before the producer is answered.</summary>
    public bool IsFlushDue { get; init; }

    internal static AppendResult Refused(ErrorCode error, string reason, long logStartOffset) => new()
    {
        Error = error,
        ErrorMessage = reason,
        BaseOffset = -1,
        LastOffset = -1,
        LogAppendTime = RecordBatch.NoTimestamp,
        LogStartOffset = logStartOffset,
    };
}
