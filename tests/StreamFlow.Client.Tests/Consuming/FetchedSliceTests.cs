using StreamFlow.Client.Consuming;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Consuming;

public sealed class FetchedSliceTests
{
    private static readonly TopicPartition Partition = new("t", 0);

    [Fact]
    public void Records_below_the_position_are_skipped()
    {
        var position = 12L;
        var slice = new FetchedSlice().Open(Batch(10, 5), null, 100, null);
        Assert.True(slice.TryNext(Partition, ref position, true, out var lease));
        Assert.Equal([12L, 13L, 14L], Offsets(lease));
        Assert.Equal(15, position);
        Assert.False(slice.TryNext(Partition, ref position, true, out _));
    }

    [Fact]
    public void A_cut_batch_at_the_end_is_left_for_the_next_fetch()
    {
        byte[] bytes = [.. Batch(0, 2), .. Batch(2, 2)[..^1]];
        Assert.Equal(2, FetchedSlice.FindNextOffset(bytes, out _));
        var position = 0L;
        var slice = new FetchedSlice().Open(bytes, null, 100, null);
        Assert.True(slice.TryNext(Partition, ref position, true, out _));
        Assert.False(slice.TryNext(Partition, ref position, true, out _));
        Assert.Equal(2, position);
    }

    [Fact]
    public void A_damaged_batch_is_refused_before_anything_of_it_is_read()
    {
        var bytes = Batch(0, 2);
        bytes[^1] ^= 1;
        var position = 0L;
        Assert.Throws<CorruptRecordException>(() => new FetchedSlice().Open(bytes, null, 100, null).TryNext(Partition, ref position, true, out _));
        Assert.Equal(0, position);
    }

    [Fact]
    public void Aborted_batches_and_markers_move_the_position_only()
    {
        byte[] bytes =
        [
            .. Batch(0, 1, producer: 7),
            .. Batch(1, 1, producer: 8),
            .. Batch(2, 1),
            .. Marker(3, 7, ControlRecordType.Abort),
            .. Batch(4, 1, producer: 7),
            .. Marker(5, 7, ControlRecordType.Commit),
            .. Marker(6, 8, ControlRecordType.Commit),
        ];
        var slice = new FetchedSlice().Open(bytes, null, 7, new AbortedTransactionFilter([(7, 0)]));
        var position = 0L;
        var seen = new List<long>();
        while (slice.TryNext(Partition, ref position, true, out var lease))
        {
            seen.AddRange(Offsets(lease));
        }

        Assert.Equal([1L, 2L, 4L], seen);
        Assert.Equal(7, position);
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    public void Compressed_records_come_out_as_they_went_in(CompressionType compression)
    {
        var position = 0L;
        Assert.True(new FetchedSlice().Open(Batch(0, 50, compression: compression), null, 50, null).TryNext(Partition, ref position, true, out var lease));
        Assert.Equal(50, Offsets(lease).Count);
        lease!.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Records);
    }

    private static List<long> Offsets(RecordBatchLease? lease)
    {
        var offsets = new List<long>();
        while (lease is not null && lease.TryRead(out var record))
        {
            offsets.Add(record.Offset);
        }

        return offsets;
    }

    private static byte[] Batch(long offset, int count, long producer = -1, CompressionType compression = CompressionType.None)
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < count; i++)
        {
            builder.Append(i, true, "key"u8, true, "value"u8, Headers.Empty);
        }

        return builder.Finish(new RecordBatchOptions
        {
            BaseOffset = offset,
            ProducerId = producer,
            ProducerEpoch = 0,
            IsTransactional = producer >= 0,
            Compression = compression,
        }).ToArray();
    }

    private static byte[] Marker(long offset, long producer, ControlRecordType type)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(0, true, [0, 0, 0, (byte)type], true, new byte[6], Headers.Empty);
        return builder.Finish(new RecordBatchOptions
        {
            BaseOffset = offset,
            ProducerId = producer,
            ProducerEpoch = 0,
            IsTransactional = true,
            IsControl = true,
        }).ToArray();
    }
}
