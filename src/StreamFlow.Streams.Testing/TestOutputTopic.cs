using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Testing;

/// <summary>Reads what a topology wrote to a topic, once and in order.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed class TestOutputTopic<TKey, TValue>
{
    private readonly MemoryTopic _topic;
    private readonly string _name;
    private readonly Serde<TKey> _keySerde;
    private readonly Serde<TValue> _valueSerde;

    internal TestOutputTopic(MemoryTopic topic, string name, Serde<TKey> keySerde, Serde<TValue> valueSerde)
    {
        _topic = topic;
        _name = name;
        _keySerde = keySerde;
        _valueSerde = valueSerde;
    }

    /// <summary>Records that were not read yet.</summary>
    public int Count => _topic.Produced.Count - _topic.ReadPosition;

    /// <summary>Reads the next record.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Record<TKey, TValue> ReadRecord()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException($"nothing more was written to topic '{_name}'");
        }

        var record = _topic.Produced[_topic.ReadPosition++];
        var key = record.Key is null
            ? default
            : _keySerde.Deserialize(record.Key, new SerdeContext(_name, SerdeTarget.Key, record.Headers));
        var value = record.Value is null
            ? default
            : _valueSerde.Deserialize(record.Value, new SerdeContext(_name, SerdeTarget.Value, record.Headers));
        return new Record<TKey, TValue>(record.Key is not null, key, record.Value is not null, value, record.Timestamp, record.Headers);
    }

    /// <summary>Reads all records that were not read yet.</summary>
    public IReadOnlyList<Record<TKey, TValue>> ReadAll()
    {
        var records = new List<Record<TKey, TValue>>(Count);
        while (Count > 0)
        {
            records.Add(ReadRecord());
        }

        return records;
    }
}
