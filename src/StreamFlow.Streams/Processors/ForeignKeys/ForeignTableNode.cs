using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State.ForeignKeys;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>The right side of a foreign-key join: tells a change of a right row to every left row that has subscribed to it.</summary>
/// <param name="storeName">The subscriptions.</param>
/// <param name="isVersioned">Whether the right table keeps a history: then changes that are not the latest are dropped (KIP-914).</param>
internal sealed class ForeignTableNode<TForeignKey, TForeign, TKey>(string storeName, bool isVersioned)
    : ProcessorNode<TForeignKey, Change<TForeign>, TKey, SubscriptionResponse<TForeign>>
{
    private SubscriptionStore<TForeignKey, TKey> _store = null!;

    protected override void OnInitialize() => _store = Context.GetStore<SubscriptionStore<TForeignKey, TKey>>(storeName);

    public override void Process(in Record<TForeignKey, Change<TForeign>> record)
    {
        var change = record.Value;
        if (!record.HasKey || (isVersioned && !change.IsLatest))
        {
            Context.Drop(record.HasKey ? DropReason.Late : DropReason.NullKey);
            return;
        }

        using var subscribers = _store.Subscribers(record.Key!);
        while (subscribers.MoveNext())
        {
            var subscription = _store.Read(subscribers.Value);
            var response = new SubscriptionResponse<TForeign>(
                subscription.Hash, change.HasNew, change.New, subscription.PrimaryPartition);
            Forward(new Record<TKey, SubscriptionResponse<TForeign>>(
                true, subscription.PrimaryKey, true, response, record.Timestamp, record.Headers));
        }
    }
}
