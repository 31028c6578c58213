using System.Collections;

namespace StreamFlow.Broker.Sharing;

/// <summary>
/// Values of offsets, kept as the fewest stretches of neighbours that have the same one. Stretches never overlap and stand in order;
/// offsets between them have no value. Not thread safe.
/// </summary>
/// <remarks>
/// Example: after <c>Set(0, 9, a)</c> and <c>Set(4, 5, b)</c> there are 0-3 a, 4-5 b, 6-9 a; <c>Set(4, 5, a)</c> makes them 0-9 a again.
/// </remarks>
internal sealed class RangeMap<T> : IReadOnlyList<OffsetRange<T>>
    where T : struct, IEquatable<T>
{
    private readonly List<OffsetRange<T>> _ranges = [];

    public int Count => _ranges.Count;

    public OffsetRange<T> this[int index] => _ranges[index];

    /// <summary>The index of the first stretch that does not end before an offset; <see cref="Count"/> when all do.</summary>
    public int IndexFrom(long offset)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ranges[middle].Last < offset)
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

    /// <summary>Gives a stretch of offsets a value, whatever they had.</summary>
    public void Set(long first, long last, T value)
    {
        var from = IndexFrom(first);
        var to = from;
        while (to < _ranges.Count && _ranges[to].First <= last)
        {
            to++;
        }

        OffsetRange<T>? before = null;
        OffsetRange<T>? behind = null;
        if (to > from && _ranges[from].First < first)
        {
            before = _ranges[from] with { Last = first - 1 };
        }
        else if (from > 0 && _ranges[from - 1].Last == first - 1)
        {
            before = _ranges[--from];
        }

        if (to > from && _ranges[to - 1].Last > last)
        {
            behind = _ranges[to - 1] with { First = last + 1 };
        }
        else if (to < _ranges.Count && _ranges[to].First == last + 1)
        {
            behind = _ranges[to++];
        }

        if (before is { } left && left.Value.Equals(value))
        {
            (first, before) = (left.First, null);
        }

        if (behind is { } right && right.Value.Equals(value))
        {
            (last, behind) = (right.Last, null);
        }

        _ranges.RemoveRange(from, to - from);
        Insert(ref from, before);
        Insert(ref from, new OffsetRange<T>(first, last, value));
        Insert(ref from, behind);
    }

    /// <summary>Forgets everything before an offset.</summary>
    public void RemoveBefore(long offset)
    {
        var index = IndexFrom(offset);
        _ranges.RemoveRange(0, index);
        if (_ranges.Count > 0 && _ranges[0].First < offset)
        {
            _ranges[0] = _ranges[0] with { First = offset };
        }
    }

    /// <summary>Forgets an offset and everything behind it.</summary>
    public void RemoveFrom(long offset)
    {
        var index = IndexFrom(offset);
        if (index < _ranges.Count && _ranges[index].First < offset)
        {
            _ranges[index] = _ranges[index] with { Last = offset - 1 };
            index++;
        }

        _ranges.RemoveRange(index, _ranges.Count - index);
    }

    /// <inheritdoc/>
    public IEnumerator<OffsetRange<T>> GetEnumerator() => _ranges.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Insert(ref int index, OffsetRange<T>? range)
    {
        if (range is { } some)
        {
            _ranges.Insert(index++, some);
        }
    }
}
