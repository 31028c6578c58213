namespace StreamFlow.Streams.Processors;

/// <summary>Replaces a record by any number of records. A null result is none.</summary>
internal sealed class FlatMapNode<TKey, TValue, TNewKey, TNewValue>(Func<TKey, TValue, IEnumerable<(TNewKey Key, TNewValue Value)>> map)
    : ProcessorNode<TKey, TValue, TNewKey, TNewValue>
{
    public override void Process(in Record<TKey, TValue> record)
    {
        foreach (var (key, value) in map(record.Key!, record.Value!) ?? [])
        {
            Forward(new Record<TNewKey, TNewValue>(key, value, record.Timestamp, record.Headers));
        }
    }
}
