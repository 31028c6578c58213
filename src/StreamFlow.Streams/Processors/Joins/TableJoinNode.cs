using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>Which sides of a join must have a row for a result to exist, seen from the side whose change is processed.</summary>
/// <param name="IsThisRequired">Without a row on the changing side there is no result.</param>
/// <param name="IsOtherRequired">Without a row on the other side nothing happens.</param>
internal readonly record struct JoinNeeds(bool IsThisRequired, bool IsOtherRequired);

/// <summary>
/// One side of a table-table join on the same key: a change of this table meets the current row of the other. The joiner is
/// called with the changing side first; the sides of a right or outer join may be absent, and the joiner then sees the default.
/// </summary>
/// <param name="createReader">Reads the other table.</param>
/// <param name="join">From key, this side's and the other side's value to the result.</param>
/// <param name="needs">Inner: both. Left join: the left side needs itself, the right side needs the other. Outer: neither.</param>
/// <param name="isVersioned">Whether this side keeps a history: then changes that are not the latest are dropped (KIP-914).</param>
/// <param name="sendsOldValues">Whether old results are computed too; asked when the task is made.</param>
internal sealed class TableJoinNode<TKey, TThis, TOther, TResult>(
    Func<TaskContext, ITableReader<TKey, TOther>> createReader,
    Func<TThis, TOther, TResult> join,
    JoinNeeds needs,
    bool isVersioned,
    bool sendsOldValues)
    : ProcessorNode<TKey, Change<TThis>, TKey, Change<TResult>>
{
    private ITableReader<TKey, TOther> _other = null!;

    protected override void OnInitialize() => _other = createReader(Context);

    public override void Process(in Record<TKey, Change<TThis>> record)
    {
        var change = record.Value;
        if (!record.HasKey || (isVersioned && !change.IsLatest))
        {
            Context.Drop(record.HasKey ? DropReason.Late : DropReason.NullKey);
            return;
        }

        var hasOther = _other.TryGet(record.Key!, out var other, out var otherTimestamp);
        if (!hasOther && (needs.IsOtherRequired || (!change.HasNew && !change.HasOld)))
        {
            return;
        }

        var (hasNew, result) = Join(change.HasNew, change.New, hasOther, other);
        var (hasOld, old) = sendsOldValues ? Join(change.HasOld, change.Old, hasOther, other) : default;
        var timestamp = hasOther ? Math.Max(record.Timestamp, otherTimestamp) : record.Timestamp;
        Forward(new Record<TKey, Change<TResult>>(
            true, record.Key, true, new Change<TResult>(hasNew, result, hasOld, old, change.IsLatest), timestamp, record.Headers));
    }

    private (bool HasResult, TResult? Result) Join(bool hasThis, TThis? value, bool hasOther, TOther? other)
    {
        if (needs.IsThisRequired ? !hasThis : !hasThis && !hasOther)
        {
            return default;
        }

        var result = join(value!, other!);
        return (result is not null, result);
    }
}
