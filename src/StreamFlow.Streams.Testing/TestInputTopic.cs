using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Testing;

/// <summary>Pipes records into a topic of a <see cref="TopologyTestDriver"/>.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed class TestInputTopic<TKey, TValue>
{
    private readonly TopologyTestDriver _driver;
    private readonly string _topic;
    private readonly Serde<TKey> _keySerde;
    private readonly Serde<TValue> _valueSerde;

    internal TestInputTopic(TopologyTestDriver driver, string topic, Serde<TKey> keySerde, Serde<TValue> valueSerde)
    {
        _driver = driver;
        _topic = topic;
        _keySerde = keySerde;
        _valueSerde = valueSerde;
    }

    /// <summary>Pipes in a record and processes all that follows from it.</summary>
    /// <param name="key">The key; null for none.</param>
    /// <param name="value">The value; null for a tombstone.</param>
    /// <param name="timestamp">Its time in ms; null takes the wall clock's.</param>
    /// <param name="headers">Its headers; null for none.</param>
    public void PipeInput(TKey? key, TValue? value, long? timestamp = null, Headers? headers = null) =>
        PipeInput(new Record<TKey, TValue>(key, value, timestamp ?? _driver.Clock.GetUtcNow().ToUnixTimeMilliseconds(), headers));

    /// <summary>Pipes in a record that deletes the key's row.</summary>
    /// <param name="key">The key.</param>
    /// <param name="timestamp">Its time in ms.</param>
    public void PipeTombstone(TKey key, long timestamp) =>
        PipeInput(new Record<TKey, TValue>(true, key, false, default, timestamp, Headers.Empty));

    /// <summary>Pipes in a record and processes all that follows from it.</summary>
    public void PipeInput(in Record<TKey, TValue> record)
    {
        using var buffer = new PooledBufferWriter();
        var key = record.HasKey ? Write(_keySerde, record.Key!, SerdeTarget.Key, record.Headers, buffer) : null;
        var value = record.HasValue ? Write(_valueSerde, record.Value!, SerdeTarget.Value, record.Headers, buffer) : null;
        _driver.PipeBytes(_topic, new TopicRecord(key, value, record.Timestamp, record.Headers));
    }

    private byte[] Write<T>(Serde<T> serde, T value, SerdeTarget target, Headers headers, PooledBufferWriter buffer)
    {
        buffer.Clear();
        serde.Serialize(value, buffer, new SerdeContext(_topic, target, headers));
        return buffer.WrittenSpan.ToArray();
    }
}
