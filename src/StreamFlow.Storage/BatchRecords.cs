using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage;

/// <summary>
/// Walks the records of a producer's batch, decompressed where a codec is set: all can be read, they are as many as the header says and
/// numbered in turn, their timestamps are in bounds, and those of a compacted topic have keys. No allocation without a codec or a fault.
/// </summary>
internal static class BatchRecords
{
    /// <summary>Looks at every record of a batch whose header has been checked.</summary>
    public static BatchCheck Check(ReadOnlySpan<byte> bytes, LogConfig config, long now)
    {
        if (!RecordBatchView.TryRead(bytes, out var batch))
        {
            return new BatchCheck(ErrorCode.InvalidRecord, "the batch cannot be read");
        }

        try
        {
            if (batch.Compression == CompressionType.None)
            {
                return Walk(batch, batch.RecordBytes, config, now);
            }

            using var plain = new PooledBufferWriter(batch.SizeInBytes * 4);
            Compressor.Decompress(batch.Compression, batch.RecordBytes, plain, DecompressionLimit.Of(batch.SizeInBytes));
            return Walk(batch, plain.WrittenSpan, config, now);
        }
        catch (CorruptRecordException e)
        {
            return new BatchCheck(ErrorCode.InvalidRecord, e.Message);
        }
    }

    private static BatchCheck Walk(in RecordBatchView batch, ReadOnlySpan<byte> records, LogConfig config, long now)
    {
        var areTimesBounded = config.TimestampType == TimestampType.CreateTime;
        var maxTimestamp = RecordBatch.NoTimestamp;
        List<int>? withoutKey = null;
        List<int>? outOfTime = null;
        var cursor = new RecordCursor(batch);
        for (var index = 0; cursor.TryRead(records, out var record); index++)
        {
            if (record.Offset != batch.BaseOffset + index || !record.HasSoundHeaders())
            {
                return new BatchCheck(ErrorCode.InvalidRecord, $"record {index} of the batch has a wrong offset delta or damaged headers");
            }

            maxTimestamp = Math.Max(maxTimestamp, record.Timestamp);
            if (config.IsCompacted && !record.HasKey)
            {
                (withoutKey ??= []).Add(index);
            }

            if (areTimesBounded && !IsInTime(record.Timestamp, config, now))
            {
                (outOfTime ??= []).Add(index);
            }
        }

        if (cursor.Position != records.Length)
        {
            return new BatchCheck(
                ErrorCode.InvalidRecord, $"the batch has {records.Length - cursor.Position} bytes behind its {batch.RecordCount} records");
        }

        return outOfTime is not null
            ? new BatchCheck(
                ErrorCode.InvalidTimestamp,
                $"{outOfTime.Count} timestamps lie too far from the broker's clock {now} (message.timestamp.before/after.max.ms)")
            {
                RefusedRecords = outOfTime,
            }
            : withoutKey is not null
                ? new BatchCheck(ErrorCode.InvalidRecord, "records without a key cannot be written to a compacted topic")
                {
                    RefusedRecords = withoutKey,
                }
                : new BatchCheck(ErrorCode.None, null) { MaxTimestamp = maxTimestamp };
    }

    private static bool IsInTime(long timestamp, LogConfig config, long now) => timestamp == RecordBatch.NoTimestamp
        || (now - timestamp <= config.TimestampBeforeMaxMs && timestamp - now <= config.TimestampAfterMaxMs);
}
