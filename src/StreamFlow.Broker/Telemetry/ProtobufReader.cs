using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Telemetry;

/// <summary>
/// Reads the fields of a protobuf message in order. Lengths are checked against what is there, and nothing is allocated for them.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Length = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _left = bytes;
    private int _wireType;

    /// <summary>The field whose value comes next.</summary>
    public int Field { get; private set; }

    /// <summary>Moves to the next field; its value has to be read or skipped.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="SerializationException">The bytes are no message.</exception>
    public bool TryNext()
    {
        if (_left.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        (Field, _wireType) = ((int)(tag >> 3), (int)(tag & 7));
        return true;
    }

    /// <summary>The bytes of a nested message or a text.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(Length);
        var length = ReadVarint();
        return length <= (ulong)_left.Length ? Take((int)length) : throw Malformed();
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    /// <summary>A number of variable length.</summary>
    public ulong ReadNumber()
    {
        Expect(Varint);
        return ReadVarint();
    }

    /// <summary>Eight bytes, as a double or an integer.</summary>
    public ulong ReadFixed64()
    {
        Expect(Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
    }

    /// <summary>Leaves the value out.</summary>
    public void Skip()
    {
        switch (_wireType)
        {
            case Varint:
                ReadVarint();
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                ReadBytes();
                break;
        }
    }

    private readonly void Expect(int wireType)
    {
        if (_wireType != wireType)
        {
            throw Malformed();
        }
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
        {
            throw Malformed();
        }

        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    private static SerializationException Malformed() => new("the bytes are no protobuf message");
}
