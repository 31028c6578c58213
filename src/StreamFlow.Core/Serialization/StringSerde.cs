using System.Buffers;
using System.Text;

namespace StreamFlow.Core.Serialization;

/// <summary>UTF-8; bytes that are not UTF-8 are read with replacement characters, as Kafka does.</summary>
internal sealed class StringSerde : Serde<string>
{
    public override void Serialize(string value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length));
        output.Advance(Encoding.UTF8.GetBytes(value, span));
    }

    public override string Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) => Encoding.UTF8.GetString(data);
}
