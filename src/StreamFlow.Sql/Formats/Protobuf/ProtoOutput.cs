using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>Writes Protobuf's wire primitives.</summary>
internal readonly struct ProtoOutput(IBufferWriter<byte> output)
{
    public void Varint(ulong value)
    {
        var span = output.GetSpan(10);
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        output.Advance(count);
    }

    public void Tag(int number, int wireType) => Varint(((ulong)number << 3) | (uint)wireType);

    /// <summary>The bits of a number as its kind writes them.</summary>
    public void Bits(ProtoKind kind, ulong bits)
    {
        switch (kind)
        {
            case ProtoKind.Double or ProtoKind.Fixed64 or ProtoKind.SFixed64:
                BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), bits);
                output.Advance(8);
                break;
            case ProtoKind.Float or ProtoKind.Fixed32 or ProtoKind.SFixed32:
                BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), (uint)bits);
                output.Advance(4);
                break;
            default:
                Varint(bits);
                break;
        }
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        output.Write(value);
    }

    public void String(string value)
    {
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, output);
    }
}
