using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Sharing;

/// <summary>
/// A partition as one share group reads it (KIP-932): what has become of each record between the start offset, before which all are done
/// with, and the end offset, from which on none was handed out. A pure state machine: each step changes the state at once and says by
/// <see cref="Changes"/> what has to be stored; then <see cref="Stored"/> makes the step final or <see cref="NotStored"/> takes it back.
/// Not thread safe.
/// </summary>
/// <remarks>
/// <code>
///   Available --acquire--> Acquired --accept--> Acknowledged
///       ^                    |  |
///       +---release, lock----+  +--reject, or released at the delivery limit--> Archived
/// </code>
/// Markers, records of aborted transactions and offsets without a record go to Archived when they are met.
/// Being acquired is not stored: after a restart such records are as they were before.
/// </remarks>
internal sealed class SharePartition
{
    private readonly RangeMap<InFlight> _window = new();
    private readonly Stack<OffsetRange<InFlight>> _undo = new();
    private readonly List<OffsetRange<Delivery>> _changes = [];
    private long _available;
    private long _done;
    private long _startBefore;
    private long _endBefore;

    /// <param name="startOffset">Before it everything is done with.</param>
    /// <param name="stored">What the log says of records from there on; records in between were never heard of again.</param>
    public SharePartition(long startOffset, IEnumerable<OffsetRange<Delivery>> stored)
    {
        StartOffset = EndOffset = startOffset;
        foreach (var range in stored)
        {
            var first = Math.Max(range.First, startOffset);
            if (range.Last < first)
            {
                continue;
            }

            Skip(first, new InFlight(RecordState.Available, 0));
            var state = range.Value.State == RecordState.Acquired ? RecordState.Available : range.Value.State;
            Change(first, range.Last, new InFlight(state, range.Value.Count));
        }

        Advance();
        _changes.Clear();
        Stored();
    }

    /// <summary>Everything before it is done with.</summary>
    public long StartOffset { get; private set; }

    /// <summary>Nothing from here on was handed out.</summary>
    public long EndOffset { get; private set; }

    /// <summary>Records done with that lie behind others which are not.</summary>
    public int DoneCount => (int)_done;

    /// <summary>Records between start and end that are not done with.</summary>
    public long InFlightCount => EndOffset - StartOffset - _done;

    /// <summary>Where the next fetch has to read.</summary>
    public long NextOffset
    {
        get
        {
            for (var i = 0; _available > 0 && i < _window.Count; i++)
            {
                if (_window[i].Value.State == RecordState.Available)
                {
                    return _window[i].First;
                }
            }

            return EndOffset;
        }
    }

    /// <summary>When the first lock runs out (ms since 1970); <see cref="long.MaxValue"/> when nothing is acquired.</summary>
    public long NextDeadline
    {
        get
        {
            var next = long.MaxValue;
            for (var i = 0; i < _window.Count; i++)
            {
                if (_window[i].Value is { State: RecordState.Acquired, LockedUntil: var until })
                {
                    next = Math.Min(next, until);
                }
            }

            return next;
        }
    }

    /// <summary>What the step changed that has to outlive the broker.</summary>
    public IReadOnlyList<OffsetRange<Delivery>> Changes => _changes;

    /// <summary>The stretches between start and end, in order.</summary>
    public IReadOnlyList<OffsetRange<InFlight>> Window => _window;

    /// <summary>Whether a fetch can give anything, if the log has it.</summary>
    public bool CanAcquire(ShareLimits limits) => _available > 0 || InFlightCount < limits.MaxRecordLocks;

    /// <summary>How many records of a stretch a member could get.</summary>
    public long CountAcquirable(long first, long last)
    {
        var count = Math.Max(0, last - Math.Max(first, EndOffset) + 1);
        for (var i = _window.IndexFrom(first); i < _window.Count && _window[i].First <= last; i++)
        {
            if (_window[i].Value.State == RecordState.Available)
            {
                count += Math.Min(last, _window[i].Last) - Math.Max(first, _window[i].First) + 1;
            }
        }

        return count;
    }

    /// <summary>Hands records out.</summary>
    /// <param name="memberId">To whom.</param>
    /// <param name="batches">What was read from the log, in order, without a hole that others could have.</param>
    /// <param name="order">How many.</param>
    /// <param name="limits">What the group allows.</param>
    /// <param name="now">ms since 1970.</param>
    public List<AcquiredRange> Acquire(
        string memberId, IReadOnlyList<FetchedBatch> batches, AcquireOrder order, ShareLimits limits, long now)
    {
        var acquired = new Acquisition(order);
        var until = now + limits.LockDurationMs;
        foreach (var batch in batches)
        {
            if (acquired.IsFull)
            {
                break;
            }

            var first = Math.Max(batch.First, StartOffset);
            if (batch.Last < first)
            {
                continue;
            }

            if (first > EndOffset)
            {
                _changes.Add(new(EndOffset, first - 1, new Delivery(RecordState.Archived, 0)));
                Skip(first, new InFlight(RecordState.Archived, 0));
            }

            if (batch.IsHidden)
            {
                Hide(first, batch.Last);
                continue;
            }

            AcquireAgain(first, Math.Min(batch.Last, EndOffset - 1), memberId, until, limits, acquired);
            var room = limits.MaxRecordLocks - InFlightCount;
            if (!acquired.IsFull && batch.Last >= EndOffset && room > 0)
            {
                first = Math.Max(first, EndOffset);
                var count = acquired.Take(batch.Last - first + 1, room);
                Change(first, first + count - 1, new InFlight(RecordState.Acquired, 1, memberId, until));
                acquired.Add(new AcquiredRange(first, first + count - 1, 1));
            }

            if (batch.Last >= EndOffset)
            {
                // What is left of the batch comes first the next time; what lies behind it must not be taken for the end of a hole.
                break;
            }
        }

        Advance();
        return acquired.Ranges;
    }

    /// <summary>A member says what it did with records.</summary>
    /// <param name="memberId">Who.</param>
    /// <param name="acknowledgements">What, in order of the offsets.</param>
    /// <param name="limits">What the group allows.</param>
    /// <param name="now">ms since 1970.</param>
    /// <returns>An error when the member does not have one of them; then nothing has changed.</returns>
    public ErrorCode Acknowledge(string memberId, IEnumerable<Acknowledgement> acknowledgements, ShareLimits limits, long now)
    {
        foreach (var one in acknowledgements)
        {
            if (one.Last < StartOffset)
            {
                // The log has let go of the records meanwhile, or they were done with otherwise.
                continue;
            }

            var error = one.Last >= EndOffset
                ? ErrorCode.InvalidRequest
                : Acknowledge(memberId, one, limits, now);
            if (error != ErrorCode.None)
            {
                NotStored();
                return error;
            }
        }

        Advance();
        return ErrorCode.None;
    }

    /// <summary>A member goes: what it has is available again.</summary>
    /// <returns>Whether it had anything.</returns>
    public bool Release(string memberId, ShareLimits limits) => GiveBack(memberId, long.MaxValue, limits);

    /// <summary>Members whose locks have run out lose their records.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Expire(ShareLimits limits, long now) => GiveBack(null, now, limits);

    /// <summary>The log has let go of everything before an offset.</summary>
    public void MoveStart(long logStartOffset)
    {
        if (logStartOffset <= StartOffset)
        {
            return;
        }

        if (logStartOffset > EndOffset)
        {
            Skip(logStartOffset, new InFlight(RecordState.Archived, 0));
        }

        Change(StartOffset, logStartOffset - 1, new InFlight(RecordState.Archived, 0));
        Advance();
    }

    /// <summary>The step is stored, or had nothing to store.</summary>
    public void Stored()
    {
        _window.RemoveBefore(StartOffset);
        _undo.Clear();
        _changes.Clear();
        (_startBefore, _endBefore) = (StartOffset, EndOffset);
    }

    /// <summary>The step could not be stored: everything is as it was before it.</summary>
    public void NotStored()
    {
        while (_undo.TryPop(out var old))
        {
            _window.Set(old.First, old.Last, old.Value);
        }

        _window.RemoveFrom(_endBefore);
        _changes.Clear();
        (StartOffset, EndOffset) = (_startBefore, _endBefore);
        (_available, _done) = (0, 0);
        foreach (var range in _window)
        {
            Count(range, 1);
        }
    }

    private ErrorCode Acknowledge(string memberId, in Acknowledgement one, ShareLimits limits, long now)
    {
        for (var offset = Math.Max(one.First, StartOffset); offset <= one.Last;)
        {
            var range = _window[_window.IndexFrom(offset)];
            if (range.Value.State != RecordState.Acquired || range.Value.MemberId != memberId)
            {
                return ErrorCode.InvalidRecordState;
            }

            var last = one.EndOfSame(offset, Math.Min(range.Last, one.Last));
            switch (one.TypeOf(offset))
            {
                case AcknowledgeType.Accept:
                    Finish(offset, last, new InFlight(RecordState.Acknowledged, range.Value.Count));
                    break;
                case AcknowledgeType.Gap or AcknowledgeType.Reject:
                    Finish(offset, last, new InFlight(RecordState.Archived, range.Value.Count));
                    break;
                case AcknowledgeType.Release:
                    Finish(offset, last, Released(range.Value, limits));
                    break;
                case AcknowledgeType.Renew when limits.AllowsRenewal:
                    Change(offset, last, range.Value with { LockedUntil = now + limits.LockDurationMs });
                    break;
                case AcknowledgeType.Renew:
                    return ErrorCode.InvalidRecordState;
                default:
                    return ErrorCode.InvalidRequest;
            }

            offset = last + 1;
        }

        return ErrorCode.None;
    }

    private static InFlight Released(in InFlight record, ShareLimits limits) =>
        new(record.Count >= limits.DeliveryCountLimit ? RecordState.Archived : RecordState.Available, record.Count);

    private bool GiveBack(string? memberId, long now, ShareLimits limits)
    {
        var any = false;
        for (var offset = StartOffset; offset < EndOffset;)
        {
            var range = _window[_window.IndexFrom(offset)];
            if (range.Value is { State: RecordState.Acquired, LockedUntil: var until } && until <= now
                && (memberId is null || range.Value.MemberId == memberId))
            {
                Finish(range.First, range.Last, Released(range.Value, limits));
                any = true;
            }

            offset = range.Last + 1;
        }

        Advance();
        return any;
    }

    /// <summary>
    /// Hands out what was handed out before. Records that are often given back go in ever smaller pieces, in the end one by one, so that
    /// one that cannot be dealt with does not take its neighbours with it.
    /// </summary>
    private void AcquireAgain(long first, long last, string memberId, long until, ShareLimits limits, Acquisition acquired)
    {
        for (var offset = first; offset <= last && !acquired.IsFull;)
        {
            var range = _window[_window.IndexFrom(offset)];
            var end = Math.Min(range.Last, last);
            if (range.Value.State == RecordState.Available)
            {
                var most = Piece(end - offset + 1, range.Value.Count, limits.DeliveryCountLimit);
                var isPiece = range.Value.Count >= ThrottledFrom(limits.DeliveryCountLimit);
                if (isPiece && acquired.Ranges.Count > 0)
                {
                    acquired.Close();
                    return;
                }

                var count = acquired.Take(most, long.MaxValue);
                var again = new InFlight(RecordState.Acquired, (short)(range.Value.Count + 1), memberId, until);
                Change(offset, offset + count - 1, again);
                acquired.Add(new AcquiredRange(offset, offset + count - 1, again.Count));
                if (isPiece)
                {
                    acquired.Close();
                }
            }

            offset = end + 1;
        }
    }

    private static int ThrottledFrom(int limit) => Math.Max(2, (limit + 1) / 2);

    private static long Piece(long count, short deliveries, int limit)
    {
        var beyond = deliveries - ThrottledFrom(limit);
        return beyond < 0 ? count : deliveries >= limit - 1 ? 1 : Math.Max(1, count >> (beyond + 1));
    }

    /// <summary>Nobody is meant to see these.</summary>
    private void Hide(long first, long last)
    {
        for (var offset = first; offset <= last;)
        {
            var index = _window.IndexFrom(offset);
            var (end, isOpen) = index < _window.Count
                ? (Math.Min(_window[index].Last, last), _window[index].Value.State == RecordState.Available)
                : (last, true);
            if (isOpen)
            {
                Finish(offset, end, new InFlight(RecordState.Archived, 0));
            }

            offset = end + 1;
        }
    }

    /// <summary>What lies between the end and an offset becomes part of the window.</summary>
    private void Skip(long to, in InFlight value)
    {
        if (to > EndOffset)
        {
            Change(EndOffset, to - 1, value);
        }
    }

    /// <summary>A change that has to be stored.</summary>
    private void Finish(long first, long last, in InFlight value)
    {
        Change(first, last, value);
        _changes.Add(new OffsetRange<Delivery>(first, last, value.Delivery));
    }

    private void Change(long first, long last, in InFlight value)
    {
        for (var i = _window.IndexFrom(first); i < _window.Count && _window[i].First <= last; i++)
        {
            var old = _window[i] with { First = Math.Max(first, _window[i].First), Last = Math.Min(last, _window[i].Last) };
            _undo.Push(old);
            Count(old, -1);
        }

        _window.Set(first, last, value);
        Count(new OffsetRange<InFlight>(first, last, value), 1);
        EndOffset = Math.Max(EndOffset, last + 1);
    }

    private void Count(in OffsetRange<InFlight> range, int sign)
    {
        _available += range.Value.State == RecordState.Available ? sign * range.Count : 0;
        _done += range.Value.IsDone ? sign * range.Count : 0;
    }

    /// <summary>The start moves over everything that is done with; it is forgotten when the step is stored.</summary>
    private void Advance()
    {
        for (var i = _window.IndexFrom(StartOffset); i < _window.Count && _window[i].Value.IsDone; i++)
        {
            _done -= _window[i].Last - StartOffset + 1;
            StartOffset = _window[i].Last + 1;
        }
    }
}
