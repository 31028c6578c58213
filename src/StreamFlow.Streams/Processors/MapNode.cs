namespace StreamFlow.Streams.Processors;

/// <summary>Replaces key and value.</summary>
internal sealed class MapNode<TKey, TValue, TNewKey, TNewValue>(Func<TKey, TValue, (TNewKey Key, TNewValue Value)> map)
    : ProcessorNode<TKey, TValue, TNewKey, TNewValue>
{
    public override void Process(in Record<TKey, TValue> record)
    {
        var (key, value) = map(record.Key!, record.Value!);
        Forward(new Record<TNewKey, TNewValue>(key, value, record.Timestamp, record.Headers));
    }
}
