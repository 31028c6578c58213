using StreamFlow.Broker.Partitions;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Sharing;

/// <summary>
/// A share partition at work: its state machine under a lock, its log, the share coordinator that stores each step, the alarm that ends
/// members' locks, and the fetches that wait for records to be given back. A step is in the coordinator's log when it returns. Made by
/// <see cref="SharePartitions"/>, which forgets it when its stored state is replaced; any thread may call.
/// </summary>
internal sealed class LiveSharePartition(
    SharePartitionKey key, Partition log, ShareStateView stored, ShareStates states, ShareSettings settings, TimerQueue timers,
    BrokerClock clock) : TimerEntry
{
    private const long RetryMs = 1000;

    private readonly Lock _gate = new();
    private readonly SharePartition _state = new(stored.StartOffset, stored.Deliveries);
    private long _armedFor = long.MaxValue;
    private bool _isFenced;

    public SharePartitionKey Key => key;

    public Partition Log => log;

    /// <summary>Fetches that wait for records to be given back; those that wait for new ones are the log's.</summary>
    public WaiterList Waiters { get; } = new();

    /// <summary>Set when a state that was replaced, or a step that could not be stored, makes this one useless.</summary>
    public Action<LiveSharePartition>? Fenced { get; init; }

    /// <summary>How many bytes a fetch could give.</summary>
    public int Peek(int maxBytes, ReadIsolation isolation)
    {
        lock (_gate)
        {
            return _isFenced || !_state.CanAcquire(settings.LimitsOf(key.GroupId))
                ? 0
                : log.Read(Math.Max(_state.NextOffset, log.LogStartOffset), maxBytes, isolation, atLeastOneBatch: true).Length;
        }
    }

    /// <summary>Hands records to a member.</summary>
    /// <param name="memberId">Who.</param>
    /// <param name="order">How many.</param>
    /// <param name="maxBytes">Of how many bytes; the first batch may go beyond it.</param>
    /// <param name="isolation">Whether the group sees open and aborted transactions.</param>
    /// <param name="disconnected">Cancelled before the member's records are released because its connection is gone.</param>
    public ShareRead Acquire(
        string memberId, AcquireOrder order, int maxBytes, ReadIsolation isolation, CancellationToken disconnected)
    {
        lock (_gate)
        {
            if (disconnected.IsCancellationRequested)
            {
                return ShareRead.Nothing;
            }

            var limits = settings.LimitsOf(key.GroupId);
            var read = ShareRead.Nothing;
            for (var offset = -1L; !_isFenced && read.Acquired.Count == 0;)
            {
                _state.MoveStart(log.LogStartOffset);
                _state.Stored();
                if (!_state.CanAcquire(limits) || _state.NextOffset <= offset)
                {
                    break;
                }

                // Batches that nobody is meant to see lead to the ones behind them.
                offset = _state.NextOffset;
                read = Acquire(memberId, offset, order, maxBytes, isolation, limits);
                if (read.Error != ErrorCode.None)
                {
                    break;
                }
            }

            Arm();
            return read;
        }
    }

    /// <summary>A member says what it did with records.</summary>
    public ErrorCode Acknowledge(string memberId, IReadOnlyList<Acknowledgement> acknowledgements)
    {
        lock (_gate)
        {
            if (_isFenced)
            {
                return ErrorCode.FencedStateEpoch;
            }

            var error = _state.Acknowledge(memberId, acknowledgements, settings.LimitsOf(key.GroupId), clock.NowMs);
            error = error == ErrorCode.None ? Store() : error;
            Arm();
            if (error != ErrorCode.None)
            {
                return error;
            }
        }

        Waiters.CompleteAll();
        return ErrorCode.None;
    }

    /// <summary>A member goes; what it has is available again.</summary>
    public ErrorCode Release(string memberId)
    {
        lock (_gate)
        {
            if (_isFenced || !_state.Release(memberId, settings.LimitsOf(key.GroupId)))
            {
                return ErrorCode.None;
            }

            if (Store() is var error && error != ErrorCode.None)
            {
                return error;
            }
        }

        Waiters.CompleteAll();
        return ErrorCode.None;
    }

    /// <summary>Nobody gets anything from this any more; those who wait find what has taken its place.</summary>
    public void Fence()
    {
        Volatile.Write(ref _isFenced, true);
        timers.Cancel(this);
        Waiters.CompleteAll();
    }

    /// <inheritdoc/>
    protected internal override void Fire()
    {
        lock (_gate)
        {
            _armedFor = long.MaxValue;
            if (_isFenced)
            {
                return;
            }

            var isStored = !_state.Expire(settings.LimitsOf(key.GroupId), clock.NowMs) || Store() == ErrorCode.None;
            _state.Stored();
            Arm(isStored ? 0 : RetryMs);
        }

        Waiters.CompleteAll();
    }

    private ShareRead Acquire(
        string memberId, long offset, AcquireOrder order, int maxBytes, ReadIsolation isolation, ShareLimits limits)
    {
        var read = log.Read(offset, maxBytes, isolation, atLeastOneBatch: true);
        if (read.Error != ErrorCode.None || read.Length == 0)
        {
            return read.Error is ErrorCode.None or ErrorCode.OffsetOutOfRange ? ShareRead.Nothing : ShareRead.Failed(read.Error);
        }

        List<FetchedBatch> batches = [];
        List<(int Start, int End)> places = [];
        try
        {
            Walk(read, order.MaxRecords, batches, places);
        }
        catch (StreamFlowException)
        {
            // The segment went while it was read: the next fetch finds another.
            return ShareRead.Failed(ErrorCode.KafkaStorageError);
        }

        var acquired = _state.Acquire(memberId, batches, order, limits, clock.NowMs);
        if (Store() is var error && error != ErrorCode.None)
        {
            return ShareRead.Failed(error);
        }

        if (acquired.Count == 0)
        {
            return ShareRead.Nothing;
        }

        var first = places[batches.FindIndex(b => b.Last >= acquired[0].First)].Start;
        var end = places[batches.FindLastIndex(b => b.First <= acquired[^1].Last)].End;
        return new ShareRead(ErrorCode.None, read with { Position = read.Position + first, Length = end - first }, acquired);
    }

    /// <summary>Looks at batches until there are enough records to hand out.</summary>
    private void Walk(in LogReadResult read, int maxRecords, List<FetchedBatch> batches, List<(int Start, int End)> places)
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderSize];
        var walk = new BatchWalk(read, header);
        for (var found = 0L; found < maxRecords && walk.MoveNext();)
        {
            var isHidden = walk.IsControl || (walk.IsTransactional && IsAborted(read, walk.ProducerId, walk.BaseOffset));
            batches.Add(new FetchedBatch(walk.BaseOffset, walk.LastOffset, isHidden));
            places.Add((walk.Start, walk.End));
            found += isHidden ? 0 : _state.CountAcquirable(walk.BaseOffset, walk.LastOffset);
        }
    }

    private static bool IsAborted(in LogReadResult read, long producerId, long offset)
    {
        foreach (var aborted in read.AbortedTransactions ?? [])
        {
            if (aborted.ProducerId == producerId && offset >= aborted.FirstOffset && offset <= aborted.LastOffset)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes the step at work final, or takes it back.</summary>
    private ErrorCode Store()
    {
        if (_state.Changes.Count == 0)
        {
            _state.Stored();
            return ErrorCode.None;
        }

        var changes = _state.Changes.Where(c => c.Last >= _state.StartOffset).ToArray();
        var error = states.Write(
            key, new ShareStateChange(stored.StateEpoch, Partition.LeaderEpoch, _state.StartOffset, _state.DoneCount, changes));
        if (error == ErrorCode.None)
        {
            _state.Stored();
            return error;
        }

        _state.NotStored();
        if (error is not ErrorCode.CoordinatorNotAvailable)
        {
            // The state is another's, or nobody's.
            Fenced?.Invoke(this);
        }

        return error;
    }

    private void Arm(long leastDelayMs = 0)
    {
        var next = _isFenced ? long.MaxValue : _state.NextDeadline;
        if (next >= _armedFor || (_armedFor != long.MaxValue && !timers.Cancel(this)))
        {
            // Rings too early at worst, or is ringing right now; then it is set again.
            return;
        }

        _armedFor = next;
        timers.Add(this, Math.Max(next - clock.NowMs, leastDelayMs));
    }
}
