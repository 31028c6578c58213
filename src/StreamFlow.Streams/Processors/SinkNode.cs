using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Processors;

/// <summary>Where records leave a task: serialises them into the task's buffers and hands them to the collector.</summary>
/// <param name="topic">The topic; for internal ones without the application's prefix. Null when each record chooses.</param>
/// <param name="isInternal">Whether to put the application's prefix in front.</param>
/// <param name="chooseTopic">Chooses the topic of each record; null when it is fixed.</param>
/// <param name="keySerde">Writes keys.</param>
/// <param name="valueSerde">Writes values.</param>
/// <param name="partitioner">Chooses partitions; null for the hash of the key.</param>
internal sealed class SinkNode<TKey, TValue>(
    string? topic,
    bool isInternal,
    Func<TKey, TValue, string>? chooseTopic,
    Serde<TKey> keySerde,
    Serde<TValue> valueSerde,
    Partitioner<TKey, TValue>? partitioner)
    : ProcessorNode<TKey, TValue>
{
    private readonly int _windowBytes = keySerde is IWindowedSerde windowed ? windowed.WindowBytes : 0;
    private string? _topic;

    protected override void OnInitialize() =>
        _topic = topic is null || !isInternal ? topic : InternalTopics.FullName(Context.Options.ApplicationId, topic);

    public override void Process(in Record<TKey, TValue> record)
    {
        var target = _topic ?? chooseTopic!(record.Key!, record.Value!);
        var keyBuffer = Context.KeyBuffer;
        var valueBuffer = Context.ValueBuffer;
        keyBuffer.Clear();
        valueBuffer.Clear();
        try
        {
            if (record.HasKey)
            {
                keySerde.Serialize(record.Key!, keyBuffer, new SerdeContext(target, SerdeTarget.Key, record.Headers));
            }

            if (record.HasValue)
            {
                valueSerde.Serialize(record.Value!, valueBuffer, new SerdeContext(target, SerdeTarget.Value, record.Headers));
            }
        }
        catch (Exception e)
        {
            throw new ProductionFailure(e);
        }

        var partition = partitioner?.Invoke(target, record.Key!, record.Value!, Context.Collector.PartitionCount(target)) ?? -1;
        Context.Collector.Send(target, partition, new SerializedRecord
        {
            HasKey = record.HasKey,
            Key = keyBuffer.WrittenSpan,
            PartitionKeyLength = keyBuffer.WrittenCount - (record.HasKey ? _windowBytes : 0),
            HasValue = record.HasValue,
            Value = valueBuffer.WrittenSpan,
            Timestamp = record.Timestamp,
            Headers = record.Headers,
        });
    }
}
