using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>One assigned partition: where it is read, and what was fetched ahead. Guarded by <see cref="PartitionTable"/>.</summary>
internal sealed class PartitionState(TopicPartition partition, MemoryClaim memory)
{
    private const int NoEpoch = -1;

    private readonly Queue<FetchedSlice> _fetched = new();

    // The epoch of the last leader that is known to hold all before FetchOffset.
    private int _checkedAt = NoEpoch;

    public TopicPartition Partition { get; } = partition;

    /// <summary>Counts what was fetched until the application gives it back.</summary>
    public MemoryClaim Memory { get; } = memory;

    /// <summary>Offset of the next record to hand out; null until it is found.</summary>
    public long? Position { get; private set; }

    /// <summary>What to look for while there is no position.</summary>
    public PositionSource Source { get; private set; } = PositionSource.Committed;

    /// <summary>The offset to fetch next, behind everything fetched.</summary>
    public long FetchOffset { get; private set; }

    /// <summary>The leader epoch of the record before <see cref="Position"/>; -1 when it is not known.</summary>
    public int PositionEpoch { get; private set; } = NoEpoch;

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

    /// <summary>The leader epoch of the record before <see cref="FetchOffset"/>; -1 when it is not known.</summary>
    public int FetchEpoch { get; private set; } = NoEpoch;

    /// <summary>Whether a leader may be fetched from: it holds what was read, or nothing is known of what was read.</summary>
    public bool IsCheckedAt(int leaderEpoch) => FetchEpoch == NoEpoch || _checkedAt >= leaderEpoch;

    /// <summary>The leader of this epoch holds all before <see cref="FetchOffset"/>.</summary>
    public void SetChecked(int leaderEpoch) => _checkedAt = Math.Max(_checkedAt, leaderEpoch);

    /// <summary>Continues at the offset.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="epoch">The leader epoch of the record before it; -1 when it is not known.</param>
    public void Seek(long offset, int epoch = NoEpoch)
    {
        Position = offset;
        PositionEpoch = epoch;
        Rewind();
        Error = null;
    }

    /// <summary>Fetches from the position on again.</summary>
    public void Rewind()
    {
        Drop();
        FetchOffset = Position!.Value;
        FetchEpoch = PositionEpoch;
        _checkedAt = NoEpoch;
    }

    /// <summary>Has no position until it is found anew.</summary>
    public void LookFor(PositionSource source)
    {
        Drop();
        Position = null;
        Source = source;
    }

    /// <summary>Adds what a fetch brought.</summary>
    /// <param name="slice">The batches.</param>
    /// <param name="nextFetchOffset">The offset behind them.</param>
    /// <param name="epoch">The leader epoch of the last one.</param>
    /// <param name="leaderEpoch">The epoch of the leader that gave them.</param>
    public void Add(FetchedSlice slice, long nextFetchOffset, int epoch, int leaderEpoch)
    {
        FetchEpoch = epoch;
        SetChecked(leaderEpoch);
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
                    PositionEpoch = position == Position ? PositionEpoch : slice.LeaderEpoch;
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
            Rewind();
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
