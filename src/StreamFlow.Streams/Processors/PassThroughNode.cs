namespace StreamFlow.Streams.Processors;

/// <summary>Forwards everything: a merge of streams, a join's windowed side without a store.</summary>
internal sealed class PassThroughNode<TKey, TValue> : ProcessorNode<TKey, TValue, TKey, TValue>
{
    public override void Process(in Record<TKey, TValue> record) => Forward(in record);
}
