namespace StreamFlow.Streams.Processors;

/// <summary>Forwards the new value of each change as a record; a deleted key becomes a record without value.</summary>
internal sealed class ToStreamNode<TKey, TValue> : ProcessorNode<TKey, Change<TValue>, TKey, TValue>
{
    public override void Process(in Record<TKey, Change<TValue>> record)
    {
        var change = record.Value;
        Forward(new Record<TKey, TValue>(record.HasKey, record.Key, change.HasNew, change.New, record.Timestamp, record.Headers));
    }
}
