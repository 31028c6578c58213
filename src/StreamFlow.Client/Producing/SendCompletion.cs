using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Producing;

/// <summary>The wait for one record, pooled: it goes back to the pool when its result is taken.</summary>
internal sealed class SendCompletion : IValueTaskSource<RecordMetadata>
{
    private const int PoolLimit = 4096;
    private static readonly ConcurrentQueue<SendCompletion> Pool = new();

    private ManualResetValueTaskSourceCore<RecordMetadata> _core;

    /// <summary>The next record of the same batch that somebody awaits.</summary>
    public SendCompletion? Next { get; set; }

    /// <summary>The record's place in its batch.</summary>
    public int Index { get; set; }

    public long Timestamp { get; set; }

    public ValueTask<RecordMetadata> Task => new(this, _core.Version);

    public static SendCompletion Rent(long timestamp)
    {
        var completion = Pool.TryDequeue(out var pooled) ? pooled : new SendCompletion();
        completion.Timestamp = timestamp;
        return completion;
    }

    /// <summary>Ends the wait.</summary>
    /// <param name="partition">Where the record went.</param>
    /// <param name="baseOffset">Offset of its batch, -1 when not known.</param>
    /// <param name="appendTime">The broker's timestamp, -1 when the record keeps its own.</param>
    public void Complete(TopicPartition partition, long baseOffset, long appendTime) =>
        _core.SetResult(new(partition, baseOffset < 0 ? -1 : baseOffset + Index, appendTime < 0 ? Timestamp : appendTime));

    public void Fail(Exception error) => _core.SetException(error);

    /// <summary>Puts back what was never used.</summary>
    public void Return()
    {
        Next = null;
        _core.Reset();
        if (Pool.Count < PoolLimit)
        {
            Pool.Enqueue(this);
        }
    }

    public RecordMetadata GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
