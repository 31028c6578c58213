namespace StreamFlow.Streams.Processors;

/// <summary>Replaces a record by one for each value. A null result is none; an absent plain value gives none.</summary>
internal sealed class FlatMapValuesNode<TKey, TValue, TNewValue>(Func<TKey, TValue, IEnumerable<TNewValue>> map)
    : ProcessorNode<TKey, TValue, TKey, TNewValue>
{
    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasValue && !NullRule<TValue>.HasNull)
        {
            return;
        }

        foreach (var value in map(record.Key!, record.Value!) ?? [])
        {
            Forward(record.WithValue(value));
        }
    }
}
