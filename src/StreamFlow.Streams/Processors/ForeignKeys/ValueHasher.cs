using StreamFlow.Core.Buffers;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>Hashes left values of a foreign-key join by the bytes that their serde writes. Used by one task.</summary>
internal sealed class ValueHasher<TValue>(Serde<TValue> serde, string topic)
{
    private readonly SerdeContext _context = SerdeContext.ForValue(topic);

    /// <summary>The hash; the buffer is scratch space.</summary>
    public UInt128 Hash(TValue value, PooledBufferWriter buffer)
    {
        buffer.Clear();
        serde.Serialize(value, buffer, _context);
        return Murmur3.Hash(buffer.WrittenSpan);
    }
}
