using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.State;

/// <summary>Writes and reads a store's keys and values in the layouts of its changelog.</summary>
internal sealed class StoreSerdes<TKey, TValue>(Serde<TKey> keySerde, Serde<TValue> valueSerde, string changelogTopic)
{
    private readonly SerdeContext _key = SerdeContext.ForKey(changelogTopic);
    private readonly SerdeContext _value = SerdeContext.ForValue(changelogTopic);

    public Serde<TKey> KeySerde { get; } = keySerde;

    public Serde<TValue> ValueSerde { get; } = valueSerde;

    /// <summary>Replaces the buffer's content by the key.</summary>
    public void WriteKey(TKey key, PooledBufferWriter output)
    {
        output.Clear();
        KeySerde.Serialize(key, output, _key);
    }

    public TKey ReadKey(ReadOnlySpan<byte> bytes) => KeySerde.Deserialize(bytes, _key);

    /// <summary>Replaces the buffer's content by the value, behind its timestamp when the store keeps one.</summary>
    public void WriteValue(TValue value, long timestamp, bool timestamped, PooledBufferWriter output)
    {
        output.Clear();
        if (timestamped)
        {
            BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), timestamp);
            output.Advance(sizeof(long));
        }

        ValueSerde.Serialize(value, output, _value);
    }

    public TValue ReadValue(ReadOnlySpan<byte> bytes, bool timestamped, out long timestamp)
    {
        timestamp = timestamped ? BinaryPrimitives.ReadInt64BigEndian(bytes) : 0;
        return ValueSerde.Deserialize(timestamped ? bytes[sizeof(long)..] : bytes, _value);
    }
}
