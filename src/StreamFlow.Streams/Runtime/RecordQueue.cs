using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// The fetched, not yet processed batches of one input partition. Only the record at the head is read; the others stay bytes.
/// Filled and drained by the thread that steps the task.
/// </summary>
internal abstract class RecordQueue(string topic, int partition)
{
    private readonly Queue<Batch> _batches = new();
    private RecordCursor _cursor;
    private RecordCursor _current;
    private ReadOnlyMemory<byte> _records;
    private ReadOnlyMemory<byte> _currentRecords;
    private IDisposable? _owner;
    private bool _hasBatch;

    public string Topic { get; } = topic;

    public int Partition { get; } = partition;

    /// <summary>Whether a record waits at the head.</summary>
    public bool HasHead { get; protected set; }

    /// <summary>Time of the head in ms.</summary>
    public long HeadTimestamp { get; protected set; }

    /// <summary>Offset of the head.</summary>
    public long HeadOffset { get; protected set; }

    /// <summary>Greatest time of the partition's records taken so far; -1 before the first.</summary>
    public long PartitionTime { get; set; } = -1;

    /// <summary>Offset behind the last record that was taken or dropped: where a restart goes on. -1 before the first.</summary>
    public long NextOffset { get; protected set; } = -1;

    /// <summary>Place in line among queues whose heads have the same time; smaller waits longer.</summary>
    public long Turn { get; set; }

    /// <summary>Records in the queue, the head included.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a batch whose records are not compressed (any more).</summary>
    /// <param name="cursor">Stands at the first record wanted.</param>
    /// <param name="records">The bytes the cursor walks.</param>
    /// <param name="owner">Disposed when the last record was taken; null when nobody cares.</param>
    public void Add(RecordCursor cursor, ReadOnlyMemory<byte> records, IDisposable? owner)
    {
        _batches.Enqueue(new Batch(cursor, records, owner));
        Count += cursor.Remaining;
    }

    /// <summary>Reads records until one can stand at the head; drops those that cannot.</summary>
    public void FillHead()
    {
        while (!HasHead)
        {
            if (!_hasBatch)
            {
                if (!_batches.TryDequeue(out var next))
                {
                    return;
                }

                (_cursor, _records, _owner) = next;
                _hasBatch = true;
            }

            var before = _cursor;
            if (!_cursor.TryRead(_records.Span, out var record))
            {
                _hasBatch = false;
                _owner?.Dispose();
                _owner = null;
                continue;
            }

            _current = before;
            _currentRecords = _records;
            if (!TryTakeHead(in record))
            {
                Count--;
                NextOffset = record.Offset + 1;
            }
        }
    }

    /// <summary>Processes the head; the caller fills it again.</summary>
    public void ProcessHead()
    {
        HasHead = false;
        Count--;
        NextOffset = HeadOffset + 1;
        PartitionTime = Math.Max(PartitionTime, HeadTimestamp);
        Process();
    }

    /// <summary>Copies out the bytes of the head, or of the record that was the head last.</summary>
    public void CopyCurrent(out byte[]? key, out byte[]? value)
    {
        var cursor = _current;
        cursor.TryRead(_currentRecords.Span, out var record);
        key = record.HasKey ? record.Key.ToArray() : null;
        value = record.HasValue ? record.Value.ToArray() : null;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        _owner?.Dispose();
        _owner = null;
        while (_batches.TryDequeue(out var batch))
        {
            batch.Owner?.Dispose();
        }

        HasHead = false;
        _hasBatch = false;
        Count = 0;
    }

    /// <summary>Reads the record as the head.</summary>
    /// <returns>False when the record is dropped instead.</returns>
    protected abstract bool TryTakeHead(in RecordView record);

    protected abstract void Process();

    private readonly record struct Batch(RecordCursor Cursor, ReadOnlyMemory<byte> Records, IDisposable? Owner);
}
