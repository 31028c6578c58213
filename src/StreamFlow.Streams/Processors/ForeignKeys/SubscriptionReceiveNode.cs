using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State.ForeignKeys;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>Remembers the subscriptions of left rows beside the right table, and passes them on to be answered.</summary>
internal sealed class SubscriptionReceiveNode<TForeignKey, TKey>(string storeName)
    : ProcessorNode<TForeignKey, Subscription<TKey>, TForeignKey, Subscription<TKey>>
{
    private SubscriptionStore<TForeignKey, TKey> _store = null!;

    protected override void OnInitialize() => _store = Context.GetStore<SubscriptionStore<TForeignKey, TKey>>(storeName);

    public override void Process(in Record<TForeignKey, Subscription<TKey>> record)
    {
        var instruction = record.Value.Instruction;
        if (record.HasKey)
        {
            var isDelete = instruction
                is SubscriptionInstruction.DeleteKeyNoPropagate or SubscriptionInstruction.DeleteKeyAndPropagate;
            _store.Set(record.Key!, record.Value, isDelete, record.Timestamp, record.Headers);
        }
        else if (instruction != SubscriptionInstruction.PropagateNullIfNoForeignValue)
        {
            Context.Drop(DropReason.NullKey);
            return;
        }

        Forward(in record);
    }
}
