using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State.Joins;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>
/// Joins each record of a stream with the row its key has in a table at that moment; with a versioned table, with the row as of
/// the record's time, and if wanted after a grace period, so that late changes of the table are seen. The table's own changes emit nothing.
/// </summary>
/// <param name="createReader">Reads the table.</param>
/// <param name="join">From key, record and row to the result; in a left join the row may be absent (default).</param>
/// <param name="isLeft">Whether records without a row are kept.</param>
/// <param name="bufferName">Where records wait for the grace period to pass; null when they do not.</param>
internal sealed class StreamTableJoinNode<TKey, TValue, TTable, TResult>(
    Func<TaskContext, ITableReader<TKey, TTable>> createReader,
    Func<TKey, TValue, TTable, TResult> join,
    bool isLeft,
    string? bufferName)
    : ProcessorNode<TKey, TValue, TKey, TResult>
{
    private ITableReader<TKey, TTable> _table = null!;
    private JoinBuffer<TKey, TValue>? _buffer;
    private bool _isVersioned;

    protected override void OnInitialize()
    {
        _table = createReader(Context);
        _isVersioned = _table.IsVersioned;
        _buffer = bufferName is null ? null : Context.GetStore<JoinBuffer<TKey, TValue>>(bufferName);
    }

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasValue || !(record.HasKey || isLeft))
        {
            Context.Drop(record.HasValue ? DropReason.NullKey : DropReason.NullValue);
            return;
        }

        if (_buffer is null || !record.HasKey || !_buffer.TryAdd(in record, Context.Position))
        {
            Join(in record);
            return;
        }

        JoinDue(_buffer);
    }

    private void Join(in Record<TKey, TValue> record)
    {
        TTable? row = default;
        var hasRow = record.HasKey && (_isVersioned
            ? _table.TryGetAsOf(record.Key!, record.Timestamp, out row, out _)
            : _table.TryGet(record.Key!, out row, out _));
        if (hasRow || isLeft)
        {
            Forward(record.WithValue(join(record.Key!, record.Value!, row!)));
        }
    }

    private void JoinDue(JoinBuffer<TKey, TValue> buffer)
    {
        var here = Context.Position;
        while (buffer.TryTakeDue(out var row))
        {
            Context.MoveTo(row.Position);
            Join(new Record<TKey, TValue>(row.Key, row.Change.New, row.Timestamp, row.Headers));
        }

        Context.MoveTo(here);
    }
}
