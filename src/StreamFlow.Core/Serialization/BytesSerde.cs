using System.Buffers;

namespace StreamFlow.Core.Serialization;

/// <summary>The bytes themselves; reading copies them out of the batch.</summary>
internal sealed class BytesSerde : Serde<byte[]>
{
    public override void Serialize(byte[] value, IBufferWriter<byte> output, in SerdeContext context) => output.Write(value);

    public override byte[] Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) => data.ToArray();
}
