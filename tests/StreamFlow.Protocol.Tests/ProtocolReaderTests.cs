using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol.Tests;

public sealed class ProtocolReaderTests
{
    private delegate object? Reading(ref ProtocolReader reader);

    [Theory]
    [InlineData("00", 0u)]
    [InlineData("7F", 127u)]
    [InlineData("8001", 128u)]
    [InlineData("AC02", 300u)]
    [InlineData("FFFFFFFF0F", uint.MaxValue)]
    public void Unsigned_varint_is_little_endian_base_128(string hex, uint expected) =>
        Assert.Equal(expected, Read(hex, static (ref ProtocolReader r) => r.ReadUnsignedVarint()));

    [Theory]
    [InlineData("FFFFFFFF1F")]
    [InlineData("8080808080")]
    [InlineData("FFFFFFFFFF01")]
    public void Unsigned_varint_beyond_32_bits_is_refused(string hex) =>
        Refused(hex, "32 bits", static (ref ProtocolReader r) => r.ReadUnsignedVarint());

    [Theory]
    [InlineData("0002C3A9", false, "é")]
    [InlineData("03C3A9", true, "é")]
    [InlineData("0000", false, "")]
    [InlineData("01", true, "")]
    [InlineData("FFFF", false, null)]
    [InlineData("00", true, null)]
    public void String_has_a_fixed_or_compact_length(string hex, bool flexible, string? expected) =>
        Assert.Equal(expected, Read(hex, (ref ProtocolReader r) => r.ReadNullableString(flexible)));

    [Theory]
    [InlineData("FFFF", false)]
    [InlineData("00", true)]
    public void Null_is_refused_where_a_string_must_stand(string hex, bool flexible) =>
        Refused(hex, "may not be null", (ref ProtocolReader r) => r.ReadString(flexible));

    [Theory]
    [InlineData("FFFE41", false, "length -2")]
    [InlineData("000541", false, "claims 5 bytes, but 1 remain")]
    [InlineData("FFFFFFFF0F", true, "claims 4294967294 bytes")]
    public void Length_that_cannot_be_is_refused(string hex, bool flexible, string reason) =>
        Refused(hex, reason, (ref ProtocolReader r) => r.ReadNullableString(flexible));

    [Fact]
    public void Uuid_is_in_the_order_in_which_it_is_printed() => Assert.Equal(
        Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
        Read("00112233445566778899AABBCCDDEEFF", static (ref ProtocolReader r) => r.ReadUuid()));

    [Fact]
    public void Records_are_a_slice_of_the_frame_and_no_copy()
    {
        var frame = Convert.FromHexString("00000003010203");
        var reader = new ProtocolReader(frame);
        var records = reader.ReadNullableRecords(flexible: false)!.Value;
        frame[4] = 9;
        Assert.Equal([9, 2, 3], records.ToArray());
    }

    [Theory]
    [InlineData("7FFFFFFF", 1)]
    [InlineData("00000002FF", 1)]
    [InlineData("00000001FFFF", 3)]
    public void Array_that_cannot_fit_is_refused_before_it_is_made(string hex, int smallest) =>
        Refused(hex, "elements, but", (ref ProtocolReader r) => r.ReadArrayLength(smallest, flexible: false));

    [Fact]
    public void Unknown_tags_are_skipped()
    {
        var reader = new ProtocolReader(Convert.FromHexString("02000101050211222A"));
        reader.SkipTags();
        Assert.Equal(0x2A, reader.ReadInt8());
    }

    [Theory]
    [InlineData("0100051122", "tagged field 0 claims 5 bytes")]
    [InlineData("FFFFFF7F", "tagged fields are claimed")]
    public void Tagged_fields_that_cannot_be_are_refused(string hex, string reason) => Refused(hex, reason, static (ref ProtocolReader r) =>
    {
        r.SkipTags();
        return null;
    });

    [Fact]
    public void Error_names_the_message_and_the_position()
    {
        var error = Assert.Throws<ProtocolException>(() =>
        {
            var reader = new ProtocolReader(new byte[6], "Produce request");
            reader.ReadInt32();
            reader.ReadInt32();
        });
        Assert.Equal("Produce request: 4 bytes are needed, but 2 remain (at byte 4 of 6)", error.Message);
    }

    private static object? Read(string hex, Reading reading)
    {
        var reader = new ProtocolReader(Convert.FromHexString(hex));
        var value = reading(ref reader);
        Assert.Equal(0, reader.Remaining);
        return value;
    }

    private static void Refused(string hex, string reason, Reading reading)
    {
        var error = Assert.Throws<ProtocolException>(() =>
        {
            var reader = new ProtocolReader(Convert.FromHexString(hex));
            reading(ref reader);
        });
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
