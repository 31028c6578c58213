using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>Answers a subscription with the right row of that moment.</summary>
/// <param name="createReader">Reads the right table.</param>
internal sealed class SubscriptionJoinNode<TForeignKey, TForeign, TKey>(Func<TaskContext, ITableReader<TForeignKey, TForeign>> createReader)
    : ProcessorNode<TForeignKey, Subscription<TKey>, TKey, SubscriptionResponse<TForeign>>
{
    private ITableReader<TForeignKey, TForeign> _table = null!;

    protected override void OnInitialize() => _table = createReader(Context);

    public override void Process(in Record<TForeignKey, Subscription<TKey>> record)
    {
        var subscription = record.Value;
        if (subscription.Instruction == SubscriptionInstruction.DeleteKeyNoPropagate)
        {
            return;
        }

        TForeign? row = default;
        var timestamp = -1L;
        var hasRow = record.HasKey && _table.TryGet(record.Key!, out row, out timestamp);
        if (subscription.Instruction == SubscriptionInstruction.PropagateOnlyIfForeignValue && !hasRow)
        {
            return;
        }

        var sendsRow = hasRow && subscription.Instruction != SubscriptionInstruction.DeleteKeyAndPropagate;
        var response = new SubscriptionResponse<TForeign>(
            subscription.Hash, sendsRow, sendsRow ? row : default, subscription.PrimaryPartition);
        Forward(new Record<TKey, SubscriptionResponse<TForeign>>(
            true, subscription.PrimaryKey, true, response, Math.Max(record.Timestamp, timestamp), record.Headers));
    }
}
