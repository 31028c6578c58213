namespace StreamFlow.Streams.Processors;

/// <summary>Calls an action and forwards the record unchanged. Without children it is the end of a stream.</summary>
internal sealed class PeekNode<TKey, TValue>(Action<TKey, TValue> action) : ProcessorNode<TKey, TValue, TKey, TValue>
{
    public override void Process(in Record<TKey, TValue> record)
    {
        action(record.Key!, record.Value!);
        Forward(in record);
    }
}
