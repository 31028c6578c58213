namespace StreamFlow.Streams.Processors;

/// <summary>Forwards the records for which the predicate holds, or does not. Of an absent plain value it does not hold.</summary>
internal sealed class FilterNode<TKey, TValue>(Func<TKey, TValue, bool> predicate, bool negate) : ProcessorNode<TKey, TValue, TKey, TValue>
{
    public override void Process(in Record<TKey, TValue> record)
    {
        var holds = (record.HasValue || NullRule<TValue>.HasNull) && predicate(record.Key!, record.Value!);
        if (holds != negate)
        {
            Forward(in record);
        }
    }
}
