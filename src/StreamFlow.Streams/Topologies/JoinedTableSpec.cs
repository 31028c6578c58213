using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Processors.Joins;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>The result of a table-table join: read from its own store when it has one, else joined anew from its inputs.</summary>
internal sealed class JoinedTableSpec<TKey, TLeft, TRight, TResult>(
    TableSpec<TKey, TLeft> left, TableSpec<TKey, TRight> right, Func<TLeft, TRight, TResult> join, JoinType type, StoreBuilder? store)
    : TableSpec<TKey, TResult>
{
    private readonly StoreBuilder? _store = store;

    /// <summary>Gives the result its store; once its node exists.</summary>
    public void TakeStore() => Store = _store;

    public override bool RequestOldValues(bool materialize)
    {
        left.RequestOldValues(materialize: true);
        right.RequestOldValues(materialize: true);
        return SendsOldValues = true;
    }

    public override IReadOnlyList<string> MakeReadable() =>
        Store is null ? [.. left.MakeReadable(), .. right.MakeReadable()] : [Store.Name];

    public override ITableReader<TKey, TResult> CreateReader(TaskContext context) => Store is not null
        ? ReadStore(context)
        : new JoinedTableReader<TKey, TLeft, TRight, TResult>(
            left.CreateReader(context), right.CreateReader(context), join, type != JoinType.Outer, type == JoinType.Inner);
}
