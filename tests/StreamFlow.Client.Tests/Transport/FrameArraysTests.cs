using StreamFlow.Client.Transport;

namespace StreamFlow.Client.Tests.Transport;

/// <summary>Arrays of frames are large enough and not much larger.</summary>
public sealed class FrameArraysTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(32 * 1024)]
    [InlineData((32 * 1024) + 1)]
    [InlineData(64 * 1024)]
    [InlineData((1024 * 1024) + 100)]
    [InlineData(3 * 1024 * 1024)]
    [InlineData(16 * 1024 * 1024)]
    [InlineData((16 * 1024 * 1024) + 1)]
    public void An_array_holds_its_frame(int length)
    {
        var array = FrameArrays.Rent(length);
        Assert.True(array.Length >= length);
        FrameArrays.Return(array);
    }

    [Fact]
    public void An_array_is_at_most_four_times_as_large()
    {
        for (var length = (32 * 1024) + 1; length < 16 * 1024 * 1024; length += 99_991)
        {
            var array = FrameArrays.Rent(length);
            Assert.InRange(array.Length, length, 4 * length);
            FrameArrays.Return(array);
        }
    }
}
