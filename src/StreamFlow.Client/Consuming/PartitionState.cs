using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>One assigned partition: where it is read, and what was fetched ahead. Guarded by <see cref="PartitionTable"/>.</summary>
internal sealed class PartitionState(TopicPartition partition, MemoryClaim memory)
{
    private readonly Queue<FetchedSlice> _fetched = new();

    public TopicPartition Partition { get; } = partition;

    /// <summary>Counts what was fetched until the application gives it back.</summary>
    public MemoryClaim Memory { get; } = memory;

    /// <summary>Offset of the next record to hand out; null until it is found.</summary>
    public long? Position { get; private set; }

    /// <summary>What to look for while there is no position.</summary>
    public PositionSource Source { get; private set; } = PositionSource.Committed;

    /// <summary>The offset to fetch next, behind everything fetched.</summary>
    public long FetchOffset { get; private set; }

    /// <summary>Changes when the position jumps or the partition goes: fetches begun before are worthless then.</summary>
    public int Version { get; private set; }

    public bool IsPaused { get; set; }

    /// <summary>Whether a fetch of it is on its way.</summary>
    public bool IsInFlight { get; set; }

    /// <summary>The clock's timestamp before which it is not fetched.</summary>
    public long NotBefore { get; set; }

    /// <summary>Bytes fetched and not handed out.</summary>
    public long FetchedBytes { get; private set; }

    /// <summary>End of the partition as of the last fetch.</summary>
    public long? EndOffset { get; set; }

    /// <summary>To be thrown by the next poll.</summary>
    public StreamFlowException? Error { get; set; }

    public bool HasFetched => _fetched.Count > 0;

    /// <summary>Continues at the offset.</summary>
    public void Seek(long offset)
    {
        Drop();
        Position = FetchOffset = offset;
        Error = null;
    }

    /// <summary>Has no position until it is found anew.</summary>
    public void LookFor(PositionSource source)
    {
        Drop();
        Position = null;
        Source = source;
    }

    /// <summary>Adds what a fetch brought.</summary>
    public void Add(FetchedSlice slice, long nextFetchOffset)
    {
        _fetched.Enqueue(slice);
        FetchedBytes += slice.Size;
        FetchOffset = nextFetchOffset;
    }

    /// <summary>Hands out the next batch that the application shall see.</summary>
    /// <exception cref="CorruptRecordException">It is damaged; the position stays in front of it, and what was fetched is
    /// dropped.</exception>
    public RecordBatchLease? TakeBatch(bool checkCrc)
    {
        var position = Position!.Value;
        try
        {
            while (_fetched.TryPeek(out var slice))
            {
                if (slice.TryNext(Partition, ref position, checkCrc, out var lease))
                {
                    Position = position;
                    if (lease is not null)
                    {
                        return lease;
                    }
                }
                else
                {
                    _fetched.Dequeue();
                    FetchedBytes -= slice.Size;
                    slice.Release();
                }
            }
        }
        catch (CorruptRecordException)
        {
            Drop();
            FetchOffset = Position.Value;
            throw;
        }

        return null;
    }

    /// <summary>Forgets what was fetched.</summary>
    public void Drop()
    {
        Version++;
        while (_fetched.TryDequeue(out var slice))
        {
            slice.Release();
        }

        FetchedBytes = 0;
    }
}
