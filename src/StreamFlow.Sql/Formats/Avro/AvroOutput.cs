using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace StreamFlow.Sql.Formats.Avro;

/// <summary>Writes Avro's binary primitives: zigzag varints, little-endian floats, length-prefixed bytes.</summary>
internal readonly struct AvroOutput(IBufferWriter<byte> output)
{
    public void Long(long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var span = output.GetSpan(10);
        var count = 0;
        while (rest >= 0x80)
        {
            span[count++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        span[count++] = (byte)rest;
        output.Advance(count);
    }

    public void Boolean(bool value)
    {
        output.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        output.Advance(1);
    }

    public void Float(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(output.GetSpan(sizeof(float)), value);
        output.Advance(sizeof(float));
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    public void String(string value)
    {
        Long(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, output);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Long(value.Length);
        output.Write(value);
    }

    public void Raw(ReadOnlySpan<byte> value) => output.Write(value);
}
