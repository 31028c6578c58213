using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Serialization;

/// <summary>4 bytes, big-endian.</summary>
internal sealed class Int32Serde : Serde<int>
{
    public override void Serialize(int value, IBufferWriter<byte> output, in SerdeContext context)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    public override int Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) =>
        data.Length == sizeof(int)
            ? BinaryPrimitives.ReadInt32BigEndian(data)
            : throw new SerializationException(
                $"a int has {sizeof(int)} bytes, this {context.Target} of {context.Topic} has {data.Length}");
}
