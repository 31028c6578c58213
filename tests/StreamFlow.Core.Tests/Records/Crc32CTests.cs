using System.Text;
using StreamFlow.Core.Records;

namespace StreamFlow.Core.Tests.Records;

public sealed class Crc32CTests
{
    /// <summary>RFC 3720 B.4 and the check value of the CRC catalogue.</summary>
    [Fact]
    public void Known_vectors_come_out()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        var ones = new byte[32];
        ones.AsSpan().Fill(0xff);
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(ones));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void Every_length_gives_what_the_bitwise_definition_gives()
    {
        var seed = 20261121;
        var random = new Random(seed);
        foreach (var length in Enumerable.Range(0, 70).Concat([6143, 6144, 6145, 6151, 12288, 24575, 24576, 24577, 30720, 49157, 100_003]))
        {
            var bytes = new byte[length + 3];
            random.NextBytes(bytes);
            var slice = bytes.AsSpan(3);
            Assert.True(Bitwise(slice) == Crc32C.Compute(slice), $"length {length}, seed {seed}");
            Assert.Equal(Crc32C.Append(uint.MaxValue, slice), Crc32C.AppendPortable(uint.MaxValue, slice));
        }
    }

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
            }
        }

        return ~crc;
    }
}
