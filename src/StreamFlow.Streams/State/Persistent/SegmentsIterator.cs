namespace StreamFlow.Streams.State.Persistent;

/// <summary>Merges walks over several segments of a store into one in key order. Segments share no key.</summary>
internal sealed class SegmentsIterator : IBytesIterator
{
    private readonly List<LayeredCursor> _cursors;
    private readonly bool _descending;
    private int _current = -1;
    private bool _started;

    /// <summary>Creates the merge and takes ownership of the cursors.</summary>
    public SegmentsIterator(List<LayeredCursor> cursors, bool descending) => (_cursors, _descending) = (cursors, descending);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Key => _cursors[_current].Key;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value => _cursors[_current].Value;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (!_started)
        {
            _started = true;
            for (var i = _cursors.Count - 1; i >= 0; i--)
            {
                Advance(i);
            }
        }
        else if (_current >= 0)
        {
            Advance(_current);
        }

        _current = _cursors.Count == 0 ? -1 : 0;
        for (var i = 1; i < _cursors.Count; i++)
        {
            var order = _cursors[i].Key.SequenceCompareTo(_cursors[_current].Key);
            if (_descending ? order > 0 : order < 0)
            {
                _current = i;
            }
        }

        return _current >= 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var cursor in _cursors)
        {
            cursor.Dispose();
        }

        _cursors.Clear();
        _current = -1;
    }

    private void Advance(int index)
    {
        if (!_cursors[index].MoveNext())
        {
            _cursors[index].Dispose();
            _cursors.RemoveAt(index);
        }
    }
}
