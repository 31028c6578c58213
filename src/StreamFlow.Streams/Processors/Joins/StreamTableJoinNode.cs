using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>
/// Joins each record of a stream with the row its key has in a table at that moment; with a versioned table, with the row as of
/// the record's time. The table's own changes emit nothing.
/// </summary>
/// <param name="createReader">Reads the table.</param>
/// <param name="join">From key, record and row to the result; in a left join the row may be absent (default).</param>
/// <param name="isLeft">Whether records without a row are kept.</param>
internal sealed class StreamTableJoinNode<TKey, TValue, TTable, TResult>(
    Func<TaskContext, ITableReader<TKey, TTable>> createReader, Func<TKey, TValue, TTable, TResult> join, bool isLeft)
    : ProcessorNode<TKey, TValue, TKey, TResult>
{
    private ITableReader<TKey, TTable> _table = null!;
    private bool _isVersioned;

    protected override void OnInitialize()
    {
        _table = createReader(Context);
        _isVersioned = _table.IsVersioned;
    }

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasValue || !(record.HasKey || isLeft))
        {
            Context.Drop(record.HasValue ? DropReason.NullKey : DropReason.NullValue);
            return;
        }

        TTable? row = default;
        var hasRow = record.HasKey && (_isVersioned
            ? _table.TryGetAsOf(record.Key!, record.Timestamp, out row, out _)
            : _table.TryGet(record.Key!, out row, out _));
        if (hasRow || isLeft)
        {
            Forward(record.WithValue(join(record.Key!, record.Value!, row!)));
        }
    }
}
