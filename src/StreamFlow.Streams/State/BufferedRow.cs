using StreamFlow.Core.Records;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>A row of a suppress buffer.</summary>
internal readonly record struct BufferedRow<TKey, TValue>
{
    public TKey Key { get; init; }

    /// <summary>The last change held back.</summary>
    public Change<TValue> Change { get; init; }

    /// <summary>Whether there was a value before the buffering.</summary>
    public bool HasPrior { get; init; }

    public TValue? Prior { get; init; }

    /// <summary>Time of the last change in ms.</summary>
    public long Timestamp { get; init; }

    public Headers Headers { get; init; }

    /// <summary>The input record that caused the last change.</summary>
    public RecordPosition Position { get; init; }

    /// <summary>Its size as Kafka Streams counts it; 0 when nobody needs it.</summary>
    public long SizeInBytes { get; init; }
}
