using System.Numerics;

namespace StreamFlow.Broker.Purgatory;

/// <summary>
/// A hierarchical timing wheel: adding and cancelling cost the same however many entries there are. Level 0 has slots of one tick,
/// level n of 64^n ticks; when a slot of a higher level is reached, its entries move down. Knows no clock: the owner calls
/// <see cref="Advance"/>. Not thread safe.
/// </summary>
/// <remarks>
/// Example with ticks of 1 ms at time 0: an entry due at 70 lies in level 1, slot 1 (64..127). At 64 that slot is emptied and the
/// entry moves to level 0, slot 70 % 64 = 6; at 70 it fires.
/// </remarks>
internal sealed class TimingWheel
{
    private const int SlotBits = 6;
    private const int SlotsPerLevel = 1 << SlotBits;
    private const int Levels = 5;
    private const long Reach = 1L << (SlotBits * Levels);

    private readonly TimerEntry?[] _slots = new TimerEntry?[SlotsPerLevel * Levels];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _now;

    public TimingWheel(long now) => _now = now;

    /// <summary>The number of entries held.</summary>
    public int Count { get; private set; }

    /// <summary>Holds an entry until its deadline. A deadline that has passed fires at the next <see cref="Advance"/>.</summary>
    public void Add(TimerEntry entry, long deadline)
    {
        if (entry.Slot >= 0)
        {
            throw new InvalidOperationException("the timer entry is already held");
        }

        entry.Deadline = deadline;
        Insert(entry);
        Count++;
    }

    /// <summary>Lets an entry go.</summary>
    /// <returns>False when it is not held: it has fired or was never added.</returns>
    public bool Remove(TimerEntry entry)
    {
        if (entry.Slot < 0)
        {
            return false;
        }

        Unlink(entry);
        Count--;
        return true;
    }

    /// <summary>
    /// A time at which <see cref="Advance"/> should be called: never later than the earliest deadline; null without entries.
    /// </summary>
    public long? NextWakeUp()
    {
        long? next = null;
        for (var level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0)
            {
                continue;
            }

            var shift = SlotBits * level;
            var position = (int)((_now >> shift) & (SlotsPerLevel - 1));
            var ahead = BitOperations.RotateRight(_occupied[level], position);

            // What lies in the current slot of a higher level is one full turn away; its time now has been given out already.
            var turns = level == 0 ? BitOperations.TrailingZeroCount(ahead)
                : (ahead & ~1UL) != 0 ? BitOperations.TrailingZeroCount(ahead & ~1UL) : SlotsPerLevel;
            var at = ((_now >> shift) + turns) << shift;
            next = next is null ? at : Math.Min(next.Value, at);
        }

        return next is null ? null : Math.Max(next.Value, _now);
    }

    /// <summary>Moves the time on and collects what has become due, in no particular order within a tick.</summary>
    public void Advance(long now, List<TimerEntry> due)
    {
        while (true)
        {
            TakeSlot(0, due);
            if (_now >= now)
            {
                return;
            }

            // Jumps to the next slot that can hold anything, so that a long pause costs no walk over empty ticks.
            _now = Math.Min(now, Math.Max(NextWakeUp() ?? now, _now + 1));
            for (var level = 1; level < Levels; level++)
            {
                if ((_now & ((1L << (SlotBits * level)) - 1)) != 0)
                {
                    break;
                }

                TakeSlot(level, due);
            }
        }
    }

    private void TakeSlot(int level, List<TimerEntry> due)
    {
        var slot = (level * SlotsPerLevel) + (int)((_now >> (SlotBits * level)) & (SlotsPerLevel - 1));
        var entry = _slots[slot];
        while (entry is not null)
        {
            var next = entry.Next;
            Unlink(entry);
            if (entry.Deadline <= _now)
            {
                Count--;
                due.Add(entry);
            }
            else
            {
                Insert(entry);
            }

            entry = next;
        }
    }

    private void Insert(TimerEntry entry)
    {
        var distance = Math.Clamp(entry.Deadline - _now, 0, Reach - 1);
        var target = _now + distance;
        var level = 0;
        while (level < Levels - 1 && distance >= 1L << (SlotBits * (level + 1)))
        {
            level++;
        }

        var position = (int)((target >> (SlotBits * level)) & (SlotsPerLevel - 1));
        Link(entry, (level * SlotsPerLevel) + position);
    }

    private void Link(TimerEntry entry, int slot)
    {
        entry.Slot = slot;
        entry.Previous = null;
        entry.Next = _slots[slot];
        if (entry.Next is { } next)
        {
            next.Previous = entry;
        }

        _slots[slot] = entry;
        _occupied[slot / SlotsPerLevel] |= 1UL << (slot % SlotsPerLevel);
    }

    private void Unlink(TimerEntry entry)
    {
        var slot = entry.Slot;
        if (entry.Previous is { } previous)
        {
            previous.Next = entry.Next;
        }
        else
        {
            _slots[slot] = entry.Next;
        }

        if (entry.Next is { } next)
        {
            next.Previous = entry.Previous;
        }

        if (_slots[slot] is null)
        {
            _occupied[slot / SlotsPerLevel] &= ~(1UL << (slot % SlotsPerLevel));
        }

        entry.Slot = -1;
        entry.Previous = null;
        entry.Next = null;
    }
}
