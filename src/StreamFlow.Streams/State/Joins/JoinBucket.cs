namespace StreamFlow.Streams.State.Joins;

/// <summary>
/// The records of one key of one side of a stream-stream join, ordered by time, then by arrival. Most arrive in order, so adding
/// is appending; expired ones are cut from the front by moving an index.
/// </summary>
internal sealed class JoinBucket<TValue>
{
    private JoinSlot<TValue>[] _slots = new JoinSlot<TValue>[4];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    public void Add(in JoinSlot<TValue> slot)
    {
        if (_end == _slots.Length)
        {
            MakeRoom();
        }

        var at = _end;
        while (at > _start && _slots[at - 1].Timestamp > slot.Timestamp)
        {
            _slots[at] = _slots[at - 1];
            at--;
        }

        _slots[at] = slot;
        _end++;
    }

    /// <summary>The records with from &lt;= time &lt;= to.</summary>
    public ReadOnlySpan<JoinSlot<TValue>> Between(long from, long to)
    {
        var first = LowerBound(from);
        return to < from ? default : _slots.AsSpan(first, LowerBound(to == long.MaxValue ? to : to + 1) - first);
    }

    /// <summary>Forgets the records before a time.</summary>
    public void ExpireBefore(long time)
    {
        var keep = LowerBound(time);
        Array.Clear(_slots, _start, keep - _start);
        _start = keep;
    }

    private int LowerBound(long time)
    {
        var (low, high) = (_start, _end);
        while (low < high)
        {
            var middle = (int)((uint)(low + high) >> 1);
            if (_slots[middle].Timestamp < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void MakeRoom()
    {
        var count = _end - _start;
        var target = count * 2 > _slots.Length ? new JoinSlot<TValue>[_slots.Length * 2] : _slots;
        Array.Copy(_slots, _start, target, 0, count);
        if (ReferenceEquals(target, _slots))
        {
            Array.Clear(_slots, count, _end - count);
        }

        _slots = target;
        _start = 0;
        _end = count;
    }
}
