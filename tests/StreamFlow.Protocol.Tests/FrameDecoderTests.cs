using System.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol.Tests;

public sealed class FrameDecoderTests
{
    [Fact]
    public void Frame_is_taken_when_all_of_it_is_there()
    {
        byte[] bytes = [0, 0, 0, 2, 7, 8, 0, 0];
        for (var length = 0; length < 6; length++)
        {
            var partial = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(FrameDecoder.TryRead(ref partial, 100, out _));
            Assert.Equal(length, partial.Length);
        }

        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.True(FrameDecoder.TryRead(ref buffer, 100, out var frame));
        Assert.Equal([7, 8], frame.ToArray());
        Assert.Equal(2, buffer.Length);
    }

    [Fact]
    public void Empty_frame_is_a_frame()
    {
        var buffer = new ReadOnlySequence<byte>(new byte[4]);
        Assert.True(FrameDecoder.TryRead(ref buffer, 100, out var frame));
        Assert.True(frame.IsEmpty);
    }

    [Theory]
    [InlineData("FFFFFFFF")]
    [InlineData("00000065")]
    [InlineData("47455420")]
    public void Size_that_is_not_allowed_is_refused(string hex)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Throws<ProtocolException>(() => FrameDecoder.TryRead(ref buffer, 100, out _));
    }
}
