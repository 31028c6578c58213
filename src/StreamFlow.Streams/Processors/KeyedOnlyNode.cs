namespace StreamFlow.Streams.Processors;

/// <summary>
/// Lets records with a key pass: in front of a repartition topic. The others are not counted as dropped, as in Kafka Streams.
/// </summary>
internal sealed class KeyedOnlyNode<TKey, TValue> : ProcessorNode<TKey, TValue, TKey, TValue>
{
    public override void Process(in Record<TKey, TValue> record)
    {
        if (record.HasKey)
        {
            Forward(in record);
        }
    }
}
