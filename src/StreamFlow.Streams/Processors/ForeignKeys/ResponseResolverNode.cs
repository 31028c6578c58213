using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>
/// Joins the answers of a foreign-key join with the left rows they are for. An answer to a left value that has changed since is left out:
/// the answer to the newer one is on its way.
/// </summary>
/// <param name="createReader">Reads the left table.</param>
/// <param name="join">From left and right value to the result; in a left join the right one may be absent (default).</param>
/// <param name="valueSerde">Writes left values, whose hash is compared.</param>
/// <param name="topic">The topic of the subscriptions, without the application's prefix.</param>
/// <param name="isLeft">Whether left rows without a right one are part of the result.</param>
internal sealed class ResponseResolverNode<TKey, TValue, TForeign, TResult>(
    Func<TaskContext, ITableReader<TKey, TValue>> createReader,
    Func<TValue, TForeign, TResult> join,
    Serde<TValue> valueSerde,
    string topic,
    bool isLeft)
    : ProcessorNode<TKey, SubscriptionResponse<TForeign>, TKey, TResult>
{
    private ITableReader<TKey, TValue> _table = null!;
    private ValueHasher<TValue> _hasher = null!;

    protected override void OnInitialize()
    {
        _table = createReader(Context);
        _hasher = new(valueSerde, InternalTopics.FullName(Context.Options.ApplicationId, topic) + "-vh");
    }

    public override void Process(in Record<TKey, SubscriptionResponse<TForeign>> record)
    {
        var response = record.Value;
        var hasRow = _table.TryGet(record.Key!, out var value, out _);
        UInt128? hash = hasRow ? _hasher.Hash(value!, Context.ValueBuffer) : null;
        if (hash != response.Hash)
        {
            Context.Drop(DropReason.Superseded);
            return;
        }

        Forward(response.HasValue || (isLeft && hasRow)
            ? record.WithValue(join(value!, response.Value!))
            : record.WithoutValue<TResult>());
    }
}
