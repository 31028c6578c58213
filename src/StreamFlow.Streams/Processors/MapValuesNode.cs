namespace StreamFlow.Streams.Processors;

/// <summary>Replaces the value. An absent plain value stays absent.</summary>
internal sealed class MapValuesNode<TKey, TValue, TNewValue>(Func<TKey, TValue, TNewValue> map)
    : ProcessorNode<TKey, TValue, TKey, TNewValue>
{
    public override void Process(in Record<TKey, TValue> record)
    {
        if (record.HasValue || NullRule<TValue>.HasNull)
        {
            Forward(record.WithValue(map(record.Key!, record.Value!)));
        }
        else
        {
            Forward(record.WithoutValue<TNewValue>());
        }
    }
}
