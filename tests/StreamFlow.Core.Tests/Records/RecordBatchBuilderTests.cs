using System.Text;
using StreamFlow.Core.Records;

namespace StreamFlow.Core.Tests.Records;

public sealed class RecordBatchBuilderTests
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    public void Records_come_back_as_they_were_appended(CompressionType compression)
    {
        using var builder = new RecordBatchBuilder();
        var headers = new Headers(new Header("h", [1, 2]), new Header("h", null));
        builder.Append(1000, true, "k1"u8, true, "v1"u8, headers);
        builder.Append(990, false, default, true, ""u8, Headers.Empty);
        builder.Append(70000, true, "k2"u8, false, default, Headers.Empty);

        var bytes = builder.Finish(new RecordBatchOptions { BaseOffset = 42, Compression = compression, ProducerId = 7, ProducerEpoch = 1, BaseSequence = 5 });

        Assert.True(RecordBatchView.TryRead(bytes.Span, out var batch));
        Assert.True(batch.IsCrcValid());
        Assert.Equal((42, 44, 3, 70000, 7), (batch.BaseOffset, batch.LastOffset, batch.RecordCount, batch.MaxTimestamp, batch.ProducerId));
        Assert.Equal(7, batch.LastSequence);

        using var plain = new Core.Buffers.PooledBufferWriter();
        Core.Compression.Compressor.Decompress(batch.Compression, batch.RecordBytes, plain, 1 << 20);
        var cursor = new RecordCursor(batch);
        Assert.True(cursor.TryRead(plain.WrittenSpan, out var first));
        Assert.Equal((42, 1000, "k1", "v1"), (first.Offset, first.Timestamp, Encoding.UTF8.GetString(first.Key), Encoding.UTF8.GetString(first.Value)));
        Assert.Equal(headers.Select(h => h.Key), first.ReadHeaders().Select(h => h.Key));
        Assert.True(cursor.TryRead(plain.WrittenSpan, out var second));
        Assert.Equal((43, 990, false, true, 0), (second.Offset, second.Timestamp, second.HasKey, second.HasValue, second.Value.Length));
        Assert.True(cursor.TryRead(plain.WrittenSpan, out var third));
        Assert.Equal((44, 70000, true, false), (third.Offset, third.Timestamp, third.HasKey, third.HasValue));
        Assert.False(cursor.TryRead(plain.WrittenSpan, out _));
    }

    [Fact]
    public void A_flipped_bit_is_seen_by_the_checksum()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1, true, "k"u8, true, "v"u8, Headers.Empty);
        var bytes = builder.Finish(new RecordBatchOptions()).ToArray();
        for (var i = RecordBatch.AttributesPosition; i < bytes.Length; i++)
        {
            bytes[i] ^= 4;
            Assert.True(RecordBatchView.TryRead(bytes, out var batch));
            Assert.False(batch.IsCrcValid(), $"byte {i}");
            bytes[i] ^= 4;
        }
    }
}
