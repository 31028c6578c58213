using System.Buffers.Binary;
using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>Walks the fields of one message's bytes; every length is checked against the bytes that are left.</summary>
internal ref struct ProtoInput(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position >= _data.Length;

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new SerializationException("A varint of a Protobuf message is longer than 10 bytes.");
    }

    /// <summary>Reads a tag: the field's number and the wire type of what follows.</summary>
    public (int Number, int WireType) Tag()
    {
        var tag = Varint();
        return ((int)(tag >> 3), (int)(tag & 7));
    }

    /// <summary>Reads a value of a wire type: its bits, or where its bytes are.</summary>
    public ProtoItem Item(int wireType)
    {
        switch (wireType)
        {
            case 0:
                return new ProtoItem(Varint(), 0, 0);
            case 1:
                return new ProtoItem(BinaryPrimitives.ReadUInt64LittleEndian(_data.Slice(Skip(8), 8)), 0, 0);
            case 5:
                return new ProtoItem(BinaryPrimitives.ReadUInt32LittleEndian(_data.Slice(Skip(4), 4)), 0, 0);
            case 2:
                var length = Varint();
                if (length > (ulong)(_data.Length - Position))
                {
                    throw new SerializationException($"A Protobuf field of {length} bytes does not fit into its message.");
                }

                return new ProtoItem(0, Skip((int)length), (int)length);
            default:
                throw new SerializationException($"Protobuf wire type {wireType} is not supported.");
        }
    }

    private byte Byte() => _data[Skip(1)];

    private int Skip(int count)
    {
        if (_data.Length - Position < count)
        {
            throw new SerializationException($"A Protobuf message needs {count} more bytes, but has {_data.Length - Position}.");
        }

        Position += count;
        return Position - count;
    }
}

/// <summary>A value found in a message.</summary>
/// <param name="Bits">Bits of a varint or fixed value.</param>
/// <param name="Start">Where the bytes of a length-delimited value start.</param>
/// <param name="Length">How many they are.</param>
internal readonly record struct ProtoItem(ulong Bits, int Start, int Length);
