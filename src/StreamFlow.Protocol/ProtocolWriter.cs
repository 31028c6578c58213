using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol;

/// <summary>
/// Writes the primitive types of Kafka's protocol, big-endian, into a <see cref="FrameBuffer"/>. Large <c>records</c> are not copied:
/// the buffer keeps a reference, so the memory must stay unchanged until the frame has been sent.
/// </summary>
/// <param name="buffer">Where the bytes go.</param>
public readonly ref struct ProtocolWriter(FrameBuffer buffer)
{
    /// <summary>The buffer that is written to.</summary>
    public FrameBuffer Buffer { get; } = buffer;

    /// <summary>Writes one byte.</summary>
    public void WriteBool(bool value) => Buffer.Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes one byte.</summary>
    public void WriteInt8(sbyte value) => Buffer.Take(1)[0] = (byte)value;

    /// <summary>Writes two bytes.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Buffer.Take(2), value);

    /// <summary>Writes two bytes.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Buffer.Take(2), value);

    /// <summary>Writes four bytes.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Buffer.Take(4), value);

    /// <summary>Writes four bytes.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Buffer.Take(4), value);

    /// <summary>Writes eight bytes.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Buffer.Take(8), value);

    /// <summary>Writes eight bytes, IEEE 754.</summary>
    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Buffer.Take(8), value);

    /// <summary>Writes sixteen bytes in the order in which a UUID is printed.</summary>
    public void WriteUuid(Guid value) => value.TryWriteBytes(Buffer.Take(16), bigEndian: true, out _);

    /// <summary>Writes an error code as two bytes.</summary>
    public void WriteError(ErrorCode value) => WriteInt16((short)value);

    /// <summary>Writes a LEB128 number of one to five bytes.</summary>
    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Buffer.Take(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Buffer.Take(1)[0] = (byte)value;
    }

    /// <summary>Writes UTF-8 text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="flexible">Whether the length is compact.</param>
    public void WriteString(string value, bool flexible)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        if (flexible)
        {
            WriteUnsignedVarint((uint)length + 1);
        }
        else if (length > short.MaxValue)
        {
            throw new ProtocolException($"a string of {length} bytes is too long: this version of the message allows {short.MaxValue}");
        }
        else
        {
            WriteInt16((short)length);
        }

        Encoding.UTF8.GetBytes(value, Buffer.Take(length));
    }

    /// <summary>Writes UTF-8 text, or null.</summary>
    /// <param name="value">The text or null.</param>
    /// <param name="flexible">Whether the length is compact.</param>
    public void WriteNullableString(string? value, bool flexible)
    {
        if (value is not null)
        {
            WriteString(value, flexible);
        }
        else if (flexible)
        {
            WriteUnsignedVarint(0);
        }
        else
        {
            WriteInt16(-1);
        }
    }

    /// <summary>Writes bytes as a copy.</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="flexible">Whether the length is compact.</param>
    public void WriteBytes(byte[] value, bool flexible)
    {
        WriteArrayLength(value.Length, flexible);
        value.CopyTo(Buffer.Take(value.Length));
    }

    /// <summary>Writes bytes as a copy, or null.</summary>
    /// <param name="value">The bytes or null.</param>
    /// <param name="flexible">Whether the length is compact.</param>
    public void WriteNullableBytes(byte[]? value, bool flexible)
    {
        if (value is null)
        {
            WriteArrayLength(-1, flexible);
        }
        else
        {
            WriteBytes(value, flexible);
        }
    }

    /// <summary>Writes record batches by reference when they are large.</summary>
    /// <param name="value">Must stay unchanged until the frame has been sent.</param>
    /// <param name="flexible">Whether the length is compact.</param>
    public void WriteRecords(ReadOnlyMemory<byte> value, bool flexible)
    {
        WriteArrayLength(value.Length, flexible);
        Buffer.Append(value);
    }

    /// <summary>Writes record batches by reference when they are large, or null.</summary>
    /// <param name="value">Null, or memory that must stay unchanged until the frame has been sent.</param>
    /// <param name="flexible">Whether the length is compact.</param>
    public void WriteNullableRecords(ReadOnlyMemory<byte>? value, bool flexible)
    {
        if (value is { } records)
        {
            WriteRecords(records, flexible);
        }
        else
        {
            WriteArrayLength(-1, flexible);
        }
    }

    /// <summary>Writes the count of an array or the length of bytes; -1 is null.</summary>
    /// <param name="count">The count.</param>
    /// <param name="flexible">Whether the count is compact.</param>
    public void WriteArrayLength(int count, bool flexible)
    {
        if (flexible)
        {
            WriteUnsignedVarint((uint)(count + 1));
        }
        else
        {
            WriteInt32(count);
        }
    }

    /// <summary>Begins a tagged field.</summary>
    /// <returns>What <see cref="EndTag"/> wants.</returns>
    public int BeginTag(uint tag)
    {
        WriteUnsignedVarint(tag);
        return Buffer.BeginSized();
    }

    /// <summary>Ends a tagged field: its size, only known now, goes in front of it.</summary>
    public void EndTag(int start)
    {
        Span<byte> size = stackalloc byte[5];
        var value = (uint)Buffer.SizeSince(start);
        var count = 0;
        while (value >= 0x80)
        {
            size[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        size[count++] = (byte)value;
        Buffer.Insert(start, size[..count]);
    }
}
