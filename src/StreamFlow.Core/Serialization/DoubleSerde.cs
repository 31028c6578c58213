using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Serialization;

/// <summary>8 bytes, big-endian.</summary>
internal sealed class DoubleSerde : Serde<double>
{
    public override void Serialize(double value, IBufferWriter<byte> output, in SerdeContext context)
    {
        BinaryPrimitives.WriteDoubleBigEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    public override double Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) =>
        data.Length == sizeof(double)
            ? BinaryPrimitives.ReadDoubleBigEndian(data)
            : throw new SerializationException(
                $"a double has {sizeof(double)} bytes, this {context.Target} of {context.Topic} has {data.Length}");
}
