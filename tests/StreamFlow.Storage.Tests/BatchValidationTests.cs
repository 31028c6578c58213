using System.Buffers.Binary;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Tests;

public sealed class BatchValidationTests
{
    [Fact]
    public async Task Each_fault_of_a_batch_has_its_code()
    {
        await using var test = new TestLog(new LogConfig { MaxMessageBytes = 500, SegmentBytes = 2000 });
        Assert.Equal(ErrorCode.CorruptMessage, Send(test, b => b[^1] ^= 1));
        Assert.Equal(ErrorCode.InvalidRecord, test.Log.Append(new byte[10], 0).Error);
        Assert.Equal(ErrorCode.InvalidRecord, Send(test, b => b[RecordBatch.MagicPosition] = 1));
        Assert.Equal(ErrorCode.CorruptMessage, Send(test, b => b[RecordBatch.MagicPosition] = 3));
        Assert.Equal(ErrorCode.InvalidRecord, Send(test, b => Change(b, RecordBatch.LastOffsetDeltaPosition, 5)));
        Assert.Equal(ErrorCode.InvalidRecord, Send(test, b => Change(b, RecordBatch.RecordCountPosition, 0)));
        Assert.Equal(ErrorCode.InvalidRecord, Append(test, new RecordBatchOptions { IsControl = true }));
        Assert.Equal(ErrorCode.InvalidRecord, Append(test, new RecordBatchOptions { ProducerId = 1, ProducerEpoch = 0 }));
        Assert.Equal(ErrorCode.InvalidRecord, Append(test, new RecordBatchOptions { IsTransactional = true }));
        Assert.Equal(ErrorCode.MessageTooLarge, test.Append(new string('x', 500)).Error);
        test.Log.UpdateConfig(new LogConfig { SegmentBytes = 1000 });
        Assert.Equal(ErrorCode.RecordListTooLarge, test.Append(new string('x', 1500)).Error);
        byte[] two = [.. TestLog.Batch(new RecordBatchOptions(), 1, ("a", "a")), .. TestLog.Batch(new RecordBatchOptions(), 1, ("b", "b"))];
        Assert.Equal(ErrorCode.InvalidRecord, test.Log.Append(two, 0).Error);
        Assert.Equal(0, test.Log.LogEndOffset);
        Assert.Equal((0, 1), (test.Log.Append(two, 0, AppendOrigin.Coordinator).BaseOffset, test.Log.LogEndOffset - 1));
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Lz4)]
    public async Task Records_that_no_reader_could_read_are_refused(CompressionType codec)
    {
        await using var test = new TestLog(new LogConfig());
        Assert.Equal(ErrorCode.InvalidRecord, Sign(test, codec, b => b[7] = 1));
        Assert.Equal(ErrorCode.InvalidRecord, Sign(test, codec, b => b[RecordBatch.HeaderSize] ^= 0x71));
        Assert.Equal(ErrorCode.InvalidRecord, Sign(test, codec, b => Recount(b, 3)));
        Assert.Equal(ErrorCode.InvalidRecord, Sign(test, codec, b => Recount(b, 1)));
        Assert.Equal(0, test.Log.LogEndOffset);
        Assert.Equal(ErrorCode.None, Sign(test, codec, _ => { }));
    }

    [Fact]
    public async Task Refused_records_are_told_by_their_numbers()
    {
        await using var test = new TestLog(new LogConfig { IsCompacted = true });
        var batch = TestLog.Batch(new RecordBatchOptions(), test.Clock.NowMs, ("k", "v"), (null, "v"), (null, "w"));
        Assert.Equal([1, 2], test.Log.Append(batch, 0).RefusedRecords);
    }

    [Fact]
    public async Task Largest_timestamp_is_that_of_the_records_whatever_the_producer_says()
    {
        await using var test = new TestLog(new LogConfig());
        Assert.Equal(ErrorCode.None, Sign(test, CompressionType.None, b => BinaryPrimitives.WriteInt64BigEndian(b.AsSpan(RecordBatch.MaxTimestampPosition), -1)));
        Assert.Equal(test.Clock.NowMs + 1, test.Log.FindMaxTimestamp()!.Value.Timestamp);
        Assert.Equal(["0=a", "1=b"], test.ReadAll());
    }

    [Fact]
    public async Task Timestamps_too_far_from_the_clock_are_refused()
    {
        await using var test = new TestLog(new LogConfig { TimestampBeforeMaxMs = 1000, TimestampAfterMaxMs = 1000 });
        Assert.Equal(ErrorCode.InvalidTimestamp, At(test, test.Clock.NowMs + 1001));
        Assert.Equal(ErrorCode.InvalidTimestamp, At(test, test.Clock.NowMs - 1001));
        Assert.Equal(ErrorCode.None, At(test, test.Clock.NowMs + 1000));
        Assert.Equal(ErrorCode.None, At(test, test.Clock.NowMs - 1000));
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Zstd)]
    public async Task A_record_without_a_key_is_refused_by_a_compacted_log(CompressionType codec)
    {
        await using var test = new TestLog(new LogConfig { IsCompacted = true });
        var options = new RecordBatchOptions { Compression = codec };
        Assert.Equal(ErrorCode.InvalidRecord, test.Log.Append(TestLog.Batch(options, test.Clock.NowMs, ("k", "v"), (null, "v")), 0).Error);
        Assert.Equal(ErrorCode.None, test.Log.Append(TestLog.Batch(options, test.Clock.NowMs, ("k", "v")), 0).Error);
    }

    [Fact]
    public async Task With_append_time_the_log_stamps_the_batch()
    {
        await using var test = new TestLog(new LogConfig { TimestampType = TimestampType.LogAppendTime });
        var result = test.Log.Append(TestLog.Batch(new RecordBatchOptions(), 5, ("k", "v")), 3);
        Assert.Equal(test.Clock.NowMs, result.LogAppendTime);
        var found = test.Log.FindByTimestamp(6);
        Assert.Equal(new TimestampOffset(0, test.Clock.NowMs, 3), found);
        Assert.Equal(["0=v"], test.ReadAll());
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task A_topic_with_a_codec_of_its_own_stores_with_it(CompressionType codec)
    {
        await using var test = new TestLog(new LogConfig { Compression = codec });
        test.Append(new RecordBatchOptions { Compression = CompressionType.Gzip }, "a", "b");
        test.Append("c");
        var bytes = new byte[test.Log.Read(0, 1 << 20).Length];
        test.Log.Read(0, 1 << 20).CopyTo(bytes);
        Assert.True(RecordBatchView.TryRead(bytes, out var batch));
        Assert.Equal(codec, batch.Compression);
        Assert.Equal(["0=a", "1=b", "2=c"], test.ReadAll());
    }

    private static void Recount(byte[] batch, int count)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatch.RecordCountPosition), count);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatch.LastOffsetDeltaPosition), count - 1);
    }

    /// <summary>Changes a batch of two records and makes its checksum right.</summary>
    private static ErrorCode Sign(TestLog test, CompressionType codec, Action<byte[]> change)
    {
        var batch = TestLog.Batch(new RecordBatchOptions { Compression = codec }, test.Clock.NowMs, ("k", "a"), ("k", "b"));
        change(batch);
        BinaryPrimitives.WriteUInt32BigEndian(
            batch.AsSpan(RecordBatch.CrcPosition), Crc32C.Compute(batch.AsSpan(RecordBatch.AttributesPosition)));
        return test.Log.Append(batch, 0).Error;
    }

    private static ErrorCode Send(TestLog test, Action<byte[]> change)
    {
        var batch = TestLog.Batch(new RecordBatchOptions(), test.Clock.NowMs, ("k", "v"));
        change(batch);
        return test.Log.Append(batch, 0).Error;
    }

    private static ErrorCode Append(TestLog test, RecordBatchOptions options) => test.Append(options, "v").Error;

    private static ErrorCode At(TestLog test, long timestamp) => test.Log.Append(TestLog.Batch(new RecordBatchOptions(), timestamp, ("k", "v")), 0).Error;

    private static void Change(byte[] batch, int position, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(position), value);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(RecordBatch.CrcPosition), Crc32C.Compute(batch.AsSpan(RecordBatch.AttributesPosition)));
    }
}
