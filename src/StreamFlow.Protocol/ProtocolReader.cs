using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol;

/// <summary>
/// Reads the primitive types of Kafka's protocol, big-endian, from one contiguous frame. Every length and count is checked against the
/// bytes that remain before anything is allocated. <c>records</c> come out as slices of the frame: they live as long as its memory.
/// </summary>
public ref struct ProtocolReader
{
    /// <summary>Lists begin with room for this many elements at most and grow with what is really there.</summary>
    private const int MostPresized = 1024;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;
    private readonly string _subject;
    private int _position;
    private ApiKey _apiKey;
    private short _version = -1;

    /// <summary>Begins at the first byte.</summary>
    /// <param name="memory">The frame without its size, or any other encoded value.</param>
    /// <param name="subject">What is read, for errors: such as <c>request</c>.</param>
    public ProtocolReader(ReadOnlyMemory<byte> memory, string subject = "message")
    {
        _memory = memory;
        _span = memory.Span;
        _subject = subject;
    }

    /// <summary>Where messages that can be used again come from; null makes new ones.</summary>
    public MessageArena? Arena { get; set; }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes still to be read.</summary>
    public readonly int Remaining => _span.Length - _position;

    /// <summary>Reads one byte; any value but 0 is true.</summary>
    public bool ReadBool() => Take(1)[0] != 0;

    /// <summary>Reads one signed byte.</summary>
    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    /// <summary>Reads two bytes.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    /// <summary>Reads two bytes.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>Reads four bytes.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads four bytes.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Reads eight bytes.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads eight bytes, IEEE 754.</summary>
    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads sixteen bytes in the order in which a UUID is printed.</summary>
    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    /// <summary>Reads an error code; numbers without a name are kept as they are.</summary>
    public ErrorCode ReadError() => (ErrorCode)ReadInt16();

    /// <summary>Reads a LEB128 number of at most five bytes.</summary>
    public uint ReadUnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            uint next = Take(1)[0];
            if (shift == 28 && next > 0x0F)
            {
                break;
            }

            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Malformed("a variable-length number does not fit in 32 bits");
    }

    /// <summary>Reads UTF-8 text that may not be null.</summary>
    /// <param name="flexible">Whether the length is compact.</param>
    public string ReadString(bool flexible) => ReadNullableString(flexible) ?? throw Malformed("a string that may not be null is null");

    /// <summary>Reads UTF-8 text.</summary>
    /// <param name="flexible">Whether the length is compact.</param>
    public string? ReadNullableString(bool flexible)
    {
        var length = flexible ? ReadCompactLength() : CheckedLength(ReadInt16());
        return length < 0 ? null : length == 0 ? ""
            : Arena is null ? Encoding.UTF8.GetString(Take(length)) : TextCache.Get(Take(length));
    }

    /// <summary>Reads bytes that may not be null, as a copy.</summary>
    /// <param name="flexible">Whether the length is compact.</param>
    public byte[] ReadBytes(bool flexible) => ReadNullableBytes(flexible) ?? throw Malformed("bytes that may not be null are null");

    /// <summary>Reads bytes as a copy.</summary>
    /// <param name="flexible">Whether the length is compact.</param>
    public byte[]? ReadNullableBytes(bool flexible)
    {
        var length = flexible ? ReadCompactLength() : CheckedLength(ReadInt32());
        return length < 0 ? null : Take(length).ToArray();
    }

    /// <summary>Reads record batches that may not be null, as a slice of the frame.</summary>
    /// <param name="flexible">Whether the length is compact.</param>
    public ReadOnlyMemory<byte> ReadRecords(bool flexible) =>
        ReadNullableRecords(flexible) ?? throw Malformed("records that may not be null are null");

    /// <summary>Reads record batches as a slice of the frame.</summary>
    /// <param name="flexible">Whether the length is compact.</param>
    public ReadOnlyMemory<byte>? ReadNullableRecords(bool flexible)
    {
        var length = flexible ? ReadCompactLength() : CheckedLength(ReadInt32());
        if (length < 0)
        {
            return null;
        }

        Take(length);
        return _memory.Slice(_position - length, length);
    }

    /// <summary>Reads the count of an array that may not be null.</summary>
    /// <param name="smallestElement">The fewest bytes an element can take; a count that cannot fit is refused.</param>
    /// <param name="flexible">Whether the count is compact.</param>
    public int ReadArrayLength(int smallestElement, bool flexible) =>
        ReadNullableArrayLength(smallestElement, flexible, nullable: false);

    /// <summary>Reads the count of an array; -1 is null.</summary>
    /// <param name="smallestElement">The fewest bytes an element can take; a count that cannot fit is refused.</param>
    /// <param name="flexible">Whether the count is compact.</param>
    /// <param name="nullable">Whether null is allowed.</param>
    public int ReadNullableArrayLength(int smallestElement, bool flexible, bool nullable)
    {
        var count = flexible ? (long)ReadUnsignedVarint() - 1 : ReadInt32();
        if (count < (nullable ? -1 : 0))
        {
            throw Malformed(count == -1 ? "an array that may not be null is null" : $"an array has the count {count}");
        }

        if (count * smallestElement > Remaining)
        {
            throw Malformed($"an array claims {count} elements, but {Remaining} bytes remain");
        }

        return (int)count;
    }

    /// <summary>A list for <paramref name="count"/> elements, which takes its memory as they come when they are many.</summary>
    public static List<T> NewList<T>(int count) => new(Math.Min(count, MostPresized));

    /// <summary>Makes room in a list for elements that are going to be read, as <see cref="NewList"/> does.</summary>
    public static List<T> Presize<T>(List<T> list, int count)
    {
        list.EnsureCapacity(Math.Min(count, MostPresized));
        return list;
    }

    /// <summary>A message with every field at its default.</summary>
    public readonly T New<T>()
        where T : class, IRecyclable, new() => Arena is null ? new T() : Arena.Rent<T>();

    /// <summary>Reads the byte before a struct that may be null.</summary>
    public bool ReadIsPresent()
    {
        var marker = ReadInt8();
        return marker switch
        {
            1 => true,
            -1 => false,
            _ => throw Malformed($"a struct that may be null begins with {marker} instead of 1 or -1"),
        };
    }

    /// <summary>Reads the number of tagged fields.</summary>
    public int ReadTagCount()
    {
        var count = ReadUnsignedVarint();
        if (count * 2L > Remaining)
        {
            throw Malformed($"{count} tagged fields are claimed, but {Remaining} bytes remain");
        }

        return (int)count;
    }

    /// <summary>Reads a tag and the size of its field.</summary>
    /// <param name="end">The position right after the field.</param>
    public uint BeginTag(out int end)
    {
        var tag = ReadUnsignedVarint();
        var size = ReadUnsignedVarint();
        if (size > Remaining)
        {
            throw Malformed($"tagged field {tag} claims {size} bytes, but {Remaining} remain");
        }

        end = _position + (int)size;
        return tag;
    }

    /// <summary>Checks that a tagged field was read to its end.</summary>
    public readonly void EndTag(int end)
    {
        if (_position != end)
        {
            throw Malformed($"a tagged field should have ended at byte {end}");
        }
    }

    /// <summary>Moves on to <paramref name="end"/>, over a field that is not known here.</summary>
    public void SkipTo(int end) => _position = end;

    /// <summary>Skips a section of tagged fields none of which is known here.</summary>
    public void SkipTags()
    {
        for (var count = ReadTagCount(); count > 0; count--)
        {
            BeginTag(out var end);
            SkipTo(end);
        }
    }

    /// <summary>Says which API and version is read from here on, for errors.</summary>
    public void Name(ApiKey apiKey, short version)
    {
        _apiKey = apiKey;
        _version = version;
    }

    /// <summary>An error that names what is read and where.</summary>
    public readonly ProtocolException Malformed(string reason)
    {
        var subject = _version < 0 ? _subject : $"{_apiKey} {_subject} version {_version}";
        return new($"{subject}: {reason} (at byte {_position} of {_span.Length})");
    }

    private int ReadCompactLength()
    {
        var length = (long)ReadUnsignedVarint() - 1;
        return length > Remaining ? throw TooLong(length) : (int)length;
    }

    private readonly int CheckedLength(int length)
    {
        if (length < -1)
        {
            throw Malformed($"a value has the length {length}");
        }

        return length > Remaining ? throw TooLong(length) : length;
    }

    private readonly ProtocolException TooLong(long length) => Malformed($"a value claims {length} bytes, but {Remaining} remain");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw Malformed($"{count} bytes are needed, but {Remaining} remain");
        }

        var taken = _span.Slice(_position, count);
        _position += count;
        return taken;
    }
}
