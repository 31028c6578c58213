using System.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol.Tests;

public sealed class FrameBufferTests
{
    private static readonly byte[] Large = Enumerable.Range(0, 4000).Select(i => (byte)i).ToArray();

    [Fact]
    public void Large_records_are_referenced_and_small_ones_copied()
    {
        using var buffer = new FrameBuffer(16);
        var writer = new ProtocolWriter(buffer);
        writer.WriteInt32(1);
        writer.WriteRecords(Large, flexible: false);
        writer.WriteRecords(new byte[] { 7, 8 }, flexible: true);
        var segments = Segments(buffer);
        Assert.Equal(3, segments.Count);
        Assert.True(segments[1].Equals(Large.AsMemory()));
        Assert.Equal([0, 0, 0, 1, 0, 0, 0x0F, 0xA0], segments[0].ToArray());
        Assert.Equal([3, 7, 8], segments[2].ToArray());
        Assert.Equal(8 + Large.Length + 3, buffer.Length);
    }

    [Fact]
    public void Every_way_out_gives_the_same_bytes()
    {
        using var buffer = new FrameBuffer(16);
        var writer = new ProtocolWriter(buffer);
        writer.WriteRecords(Large, flexible: true);
        writer.WriteRecords(Large, flexible: true);
        writer.WriteString("end", flexible: true);
        var copied = new ArrayBufferWriter<byte>();
        buffer.CopyTo(copied);
        byte[] expected = [0xA1, 0x1F, .. Large, 0xA1, 0x1F, .. Large, 4, (byte)'e', (byte)'n', (byte)'d'];
        Assert.Equal(expected, buffer.ToArray());
        Assert.Equal(expected, copied.WrittenSpan.ToArray());
        Assert.Equal(expected, Segments(buffer).SelectMany(s => s.ToArray()));
        Assert.True(Segments(buffer).Count <= buffer.SegmentLimit);
    }

    [Fact]
    public void Cleared_buffer_begins_anew()
    {
        using var buffer = new FrameBuffer();
        var writer = new ProtocolWriter(buffer);
        writer.WriteRecords(Large, flexible: false);
        buffer.Clear();
        Assert.Equal(0, buffer.Length);
        writer.WriteInt16(5);
        Assert.Equal([0, 5], buffer.ToArray());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20000)]
    public void Tagged_field_carries_its_size_in_the_fewest_bytes(int size)
    {
        using var buffer = new FrameBuffer(16);
        var writer = new ProtocolWriter(buffer);
        writer.WriteInt8(-1);
        var start = writer.BeginTag(2);
        for (var i = 0; i < size; i++)
        {
            writer.WriteInt8((sbyte)i);
        }

        writer.EndTag(start);
        writer.WriteInt8(-2);
        var reader = new ProtocolReader(buffer.ToArray());
        Assert.Equal(-1, reader.ReadInt8());
        Assert.Equal(2u, reader.BeginTag(out var end));
        Assert.Equal(size < 128 ? 3 : size < 16384 ? 4 : 5, reader.Position);
        for (var i = 0; i < size; i++)
        {
            Assert.Equal((sbyte)i, reader.ReadInt8());
        }

        reader.EndTag(end);
        Assert.Equal(-2, reader.ReadInt8());
    }

    [Fact]
    public void String_too_long_for_its_length_is_refused()
    {
        using var buffer = new FrameBuffer();
        Assert.Throws<ProtocolException>(() => new ProtocolWriter(buffer).WriteString(new string('a', 32768), flexible: false));
    }

    private static List<ReadOnlyMemory<byte>> Segments(FrameBuffer buffer)
    {
        var segments = new List<ReadOnlyMemory<byte>>();
        buffer.AddSegmentsTo(segments);
        return segments;
    }
}
