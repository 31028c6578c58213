using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// Walks a range of keys over what is committed (RocksDB) and what is not yet (<see cref="PendingWrites"/>), the latter going first.
/// Reused by its store: <see cref="Open"/> begins a walk, <see cref="Dispose"/> ends it.
/// </summary>
internal sealed class LayeredCursor : IBytesIterator
{
    private readonly PendingWrites _pending;
    private readonly Action<LayeredCursor>? _release;
    private byte[] _bounds = new byte[64];
    private int _fromLength;
    private int _toLength;
    private int _skip;
    private bool _descending;
    private bool _started;
    private Iterator? _rows;
    private bool _hasRow;
    private bool _onRow;
    private int _node;

    /// <summary>Creates a cursor.</summary>
    /// <param name="pending">The store's uncommitted writes.</param>
    /// <param name="release">Called when the walk has ended, so that the store can reuse the cursor.</param>
    public LayeredCursor(PendingWrites pending, Action<LayeredCursor>? release) => (_pending, _release) = (pending, release);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Key => (_onRow ? _rows!.Key : _pending.KeyOf(_node))[_skip..];

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value => _onRow ? _rows!.Value : _pending.ValueOf(_node);

    private ReadOnlySpan<byte> From => _bounds.AsSpan(0, _fromLength);

    private ReadOnlySpan<byte> To => _bounds.AsSpan(_fromLength, _toLength);

    /// <summary>Begins a walk.</summary>
    /// <param name="rows">An iterator over the committed rows, which this cursor will dispose; null when there are none.</param>
    /// <param name="from">First key, inclusive; empty means from the first.</param>
    /// <param name="to">End, exclusive; empty means to the last.</param>
    /// <param name="skip">Bytes to leave out at the start of every key.</param>
    /// <param name="descending">Whether to walk from the end to the start.</param>
    public LayeredCursor Open(Iterator? rows, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int skip, bool descending)
    {
        if (_bounds.Length < from.Length + to.Length)
        {
            _bounds = new byte[2 * (from.Length + to.Length)];
        }

        from.CopyTo(_bounds);
        to.CopyTo(_bounds.AsSpan(from.Length));
        (_fromLength, _toLength, _skip, _descending, _rows) = (from.Length, to.Length, skip, descending, rows);
        (_started, _hasRow, _onRow, _node) = (false, false, false, 0);
        return this;
    }

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (!_started)
        {
            Start();
        }
        else if (_onRow)
        {
            StepRow();
        }
        else if (_node != 0)
        {
            StepNode();
        }

        return Settle();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows?.Dispose();
        _rows = null;
        (_started, _hasRow, _onRow, _node) = (true, false, false, 0);
        _release?.Invoke(this);
    }

    private void Start()
    {
        _started = true;
        if (_descending)
        {
            _node = InRange(_toLength == 0 ? _pending.Last() : _pending.LastBefore(To));
            SeekLastRow();
        }
        else
        {
            _node = InRange(_pending.FirstFrom(From));
            _rows?.Seek(From);
        }

        CheckRow();
    }

    private void SeekLastRow()
    {
        if (_rows is null)
        {
            return;
        }

        if (_toLength == 0)
        {
            _rows.SeekToLast();
            return;
        }

        _rows.SeekForPrev(To);
        if (_rows.IsValid && _rows.Key.SequenceEqual(To))
        {
            _rows.Prev();
        }
    }

    /// <summary>Chooses the next entry of the two layers, passing over deleted ones.</summary>
    private bool Settle()
    {
        while (_node != 0)
        {
            var order = _hasRow ? CompareLayers() : -1;
            if (order > 0)
            {
                return _onRow = true;
            }

            if (order == 0)
            {
                StepRow();
            }

            if (!_pending.IsDeleted(_node))
            {
                _onRow = false;
                return true;
            }

            StepNode();
        }

        return _onRow = _hasRow;
    }

    private int CompareLayers()
    {
        var order = _pending.KeyOf(_node).SequenceCompareTo(_rows!.Key);
        return _descending ? -order : order;
    }

    private void StepNode()
    {
        if (_descending)
        {
            _node = InRange(_pending.LastBefore(_pending.KeyOf(_node)));
        }
        else
        {
            _node = InRange(_pending.Next(_node));
        }
    }

    private void StepRow()
    {
        _ = _descending ? _rows!.Prev() : _rows!.Next();
        CheckRow();
    }

    private void CheckRow()
    {
        if (_rows is null)
        {
            return;
        }

        _hasRow = _rows.IsValid;
        if (_hasRow)
        {
            _hasRow = IsInRange(_rows.Key);
        }
        else
        {
            _rows.ThrowIfFailed();
        }
    }

    private int InRange(int node) => node != 0 && IsInRange(_pending.KeyOf(node)) ? node : 0;

    private bool IsInRange(ReadOnlySpan<byte> key) => _descending
        ? key.SequenceCompareTo(From) >= 0
        : _toLength == 0 || key.SequenceCompareTo(To) < 0;
}
