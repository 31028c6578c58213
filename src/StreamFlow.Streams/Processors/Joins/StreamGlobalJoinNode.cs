using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>Joins each record of a stream with the row that a key made of the record has in a global table at that moment.</summary>
/// <param name="createReader">Reads the table.</param>
/// <param name="selectKey">From key and value of a record to the key of the row; null: there is none.</param>
/// <param name="join">From key, record and row to the result; in a left join the row may be absent (default).</param>
/// <param name="isLeft">Whether records without a row, or without a key to look for, are kept.</param>
internal sealed class StreamGlobalJoinNode<TKey, TValue, TGlobalKey, TGlobal, TResult>(
    Func<TaskContext, ITableReader<TGlobalKey, TGlobal>> createReader,
    Func<TKey, TValue, TGlobalKey?> selectKey,
    Func<TKey, TValue, TGlobal, TResult> join,
    bool isLeft)
    : ProcessorNode<TKey, TValue, TKey, TResult>
{
    private ITableReader<TGlobalKey, TGlobal> _table = null!;

    protected override void OnInitialize() => _table = createReader(Context);

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasValue)
        {
            Context.Drop(DropReason.NullValue);
            return;
        }

        var key = selectKey(record.Key!, record.Value!);
        if (key is null && !isLeft)
        {
            Context.Drop(DropReason.NullKey);
            return;
        }

        TGlobal? row = default;
        var hasRow = key is not null && _table.TryGet(key, out row, out _);
        if (!hasRow && !isLeft)
        {
            return;
        }

        Forward(record.WithValue(join(record.Key!, record.Value!, row!)));
    }
}
