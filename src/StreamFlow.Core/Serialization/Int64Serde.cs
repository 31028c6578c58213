using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Serialization;

/// <summary>8 bytes, big-endian.</summary>
internal sealed class Int64Serde : Serde<long>
{
    public override void Serialize(long value, IBufferWriter<byte> output, in SerdeContext context)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    public override long Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) =>
        data.Length == sizeof(long)
            ? BinaryPrimitives.ReadInt64BigEndian(data)
            : throw new SerializationException(
                $"a long has {sizeof(long)} bytes, this {context.Target} of {context.Topic} has {data.Length}");
}
