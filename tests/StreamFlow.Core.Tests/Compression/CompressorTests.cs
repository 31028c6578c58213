using System.Text;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Core.Tests.Compression;

public sealed class CompressorTests
{
    public static TheoryData<CompressionType> Codecs => [CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void What_was_compressed_comes_back_at_every_size(CompressionType codec)
    {
        foreach (var size in new[] { 0, 1, 2, 100, 32 * 1024, (32 * 1024) + 1, 64 * 1024, 65537, 300_000 })
        {
            foreach (var source in new[] { Noise(size, seed: size), Text(size) })
            {
                Assert.Equal(source, Decompress(codec, Compress(codec, source), Math.Max(size, 1)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_block_that_expands_beyond_the_limit_is_refused(CompressionType codec)
    {
        var bomb = Compress(codec, new byte[4 << 20]);
        Assert.Throws<CorruptRecordException>(() => Decompress(codec, bomb, (4 << 20) - 1));
        Assert.Equal(4 << 20, Decompress(codec, bomb, 4 << 20).Length);
    }

    /// <summary>A gzip trailer or a snappy frame may end early without harm to what came before; what no codec may do is make things up.</summary>
    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_block_cut_at_any_byte_is_refused_or_gives_a_prefix(CompressionType codec)
    {
        var source = Text(3000);
        var block = Compress(codec, source);
        for (var length = 0; length < block.Length; length++)
        {
            var cut = block[..length];
            var result = Record.Exception(() => Assert.True(source.AsSpan().StartsWith(Decompress(codec, cut, 10_000))));
            Assert.True(result is null or CorruptRecordException, $"cut at {length}: {result}");
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Hostile_bytes_give_nothing_but_corrupt_record(CompressionType codec)
    {
        var seed = 7;
        var random = new Random(seed);
        var block = Compress(codec, Text(5000));
        for (var round = 0; round < 3000; round++)
        {
            var hostile = (byte[])block.Clone();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                hostile[random.Next(round % 2 == 0 ? 24 : hostile.Length)] = (byte)random.Next(256);
            }

            var result = Record.Exception(() => Decompress(codec, hostile, 100_000));
            Assert.True(result is null or CorruptRecordException, $"seed {seed}, round {round}: {result}");
        }
    }

    [Fact]
    public void Snappy_is_read_without_a_frame_too()
    {
        using var raw = new PooledBufferWriter();
        SnappyBlock.Compress("one raw block, as librdkafka writes it"u8, raw);
        Assert.Equal("one raw block, as librdkafka writes it", Encoding.ASCII.GetString(Decompress(CompressionType.Snappy, raw.WrittenSpan.ToArray(), 1000)));
    }

    [Fact]
    public void Snappy_without_its_library_makes_and_reads_the_same_blocks()
    {
        var source = Text(20_000);
        foreach (var (writer, reader) in new[] { (true, false), (false, true), (false, false) })
        {
            using var block = new PooledBufferWriter();
            SnappyBlock.Compress(source, block, writer);
            using var plain = new PooledBufferWriter();
            SnappyBlock.Decompress(block.WrittenSpan, plain, source.Length, reader);
            Assert.Equal(source, plain.WrittenSpan.ToArray());
        }
    }

    [Fact]
    public void Lz4_blocks_are_independent_because_java_readers_refuse_others()
    {
        var flags = Compress(CompressionType.Lz4, Text(200_000))[4];
        Assert.Equal(0x20, flags & 0x20);
    }

    [Fact]
    public void A_missing_library_says_what_to_install()
    {
        var e = Assert.Throws<MissingNativeLibraryException>(() => NativeCodecLibrary.Load("lz4", ["libdoesnotexist.so.1"], "liblz4-1"));
        Assert.Contains("apt-get install liblz4-1", e.Message, StringComparison.Ordinal);
    }

    private static byte[] Compress(CompressionType codec, byte[] source)
    {
        using var output = new PooledBufferWriter();
        Compressor.Compress(codec, null, source, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Decompress(CompressionType codec, byte[] block, int maxSize)
    {
        using var output = new PooledBufferWriter();
        Compressor.Decompress(codec, block, output, maxSize);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Noise(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Text(int size)
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < size; i++)
        {
            text.Append("{\"auction\":").Append(i * 7919 % 1000).Append(",\"bidder\":").Append(i % 13).Append('}');
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, size));
    }
}
