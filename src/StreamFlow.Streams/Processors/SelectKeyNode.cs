namespace StreamFlow.Streams.Processors;

/// <summary>Replaces the key.</summary>
internal sealed class SelectKeyNode<TKey, TValue, TNewKey>(
    Func<TKey, TValue, TNewKey> select) : ProcessorNode<TKey, TValue, TNewKey, TValue>
{
    public override void Process(in Record<TKey, TValue> record) => Forward(record.WithKey(select(record.Key!, record.Value!)));
}
