using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage;

public sealed partial class PartitionLog
{
    /// <summary>
    /// Finds whole batches from an offset on. Nothing is copied. A read never crosses a segment; read again for more. Batches that this
    /// process has not written or scanned are checked first, so damage is never handed out.
    /// </summary>
    /// <param name="offset">The first offset wanted; the first batch may begin below it.</param>
    /// <param name="maxBytes">The most bytes, in whole batches.</param>
    /// <param name="isolation">How far the reader sees.</param>
    /// <param name="minOneBatch">Whether the first batch is handed out even when it is larger than <paramref name="maxBytes"/>.</param>
    /// <returns>The range; empty when there is nothing yet; OFFSET_OUT_OF_RANGE below the log's start or above its end.</returns>
    /// <exception cref="CorruptLogException">The batch of the offset is damaged; file and position are named.</exception>
    /// <exception cref="StorageException">The disk refused.</exception>
    public LogReadResult Read(long offset, int maxBytes, ReadIsolation isolation = ReadIsolation.HighWatermark, bool minOneBatch = true) =>
        Read(Look(), offset, maxBytes, isolation, minOneBatch);

    /// <summary>
    /// The offsets that a read goes by. They come before the segments: whatever is visible by these offsets is in the segments that are
    /// loaded after them, unless the log's start has moved up since, which the read notices at its end.
    /// </summary>
    internal LogOffsets Look() => new(LastStableOffset, HighWatermark, LogStartOffset, LogEndOffset);

    internal LogReadResult Read(in LogOffsets seen, long offset, int maxBytes, ReadIsolation isolation, bool minOneBatch)
    {
        var result = new LogReadResult
        {
            BaseOffset = offset,
            LastStableOffset = seen.LastStable,
            HighWatermark = seen.HighWatermark,
            LogStartOffset = seen.LogStart,
            AbortedTransactions = isolation == ReadIsolation.Committed ? [] : null,
        };
        if (offset < seen.LogStart || offset > seen.LogEnd)
        {
            return result with { Error = ErrorCode.OffsetOutOfRange };
        }

        var limit = isolation switch
        {
            ReadIsolation.Committed => seen.LastStable,
            ReadIsolation.HighWatermark => seen.HighWatermark,
            _ => seen.LogEnd,
        };
        if (offset >= limit || maxBytes < 0)
        {
            return result;
        }

        LogReadResult found;
        try
        {
            found = ReadFrom(result, offset, maxBytes, limit, isolation == ReadIsolation.Committed, minOneBatch);
        }
        catch (ObjectDisposedException) when (offset < LogStartOffset)
        {
            // Retention removed the segment and its files in the meantime.
            found = result;
        }

        // The start moves up before segments go. A read that missed its segment would return what comes behind it, as if there was a gap.
        var start = LogStartOffset;
        return offset >= start ? found : result with { Error = ErrorCode.OffsetOutOfRange, LogStartOffset = start };
    }

    private LogReadResult ReadFrom(LogReadResult result, long offset, int maxBytes, long limit, bool withAborted, bool minOneBatch)
    {
        var segments = Segments;
        for (var i = FloorIndex(segments, offset); i < segments.Length; i++)
        {
            var segment = segments[i];
            if (!segment.TryFind(offset, out var first))
            {
                continue;
            }

            if (first.BaseOffset >= limit)
            {
                return result;
            }

            // Whole segments below the limit need no look at where the limit is.
            var isBelowLimit = i + 1 < segments.Length && segments[i + 1].BaseOffset <= limit;
            var end = segment.EndOfWholeBatches(first, maxBytes, isBelowLimit ? long.MaxValue : limit);
            end = end <= first.Position && minOneBatch ? first.End : end;
            end = VerifiedEnd(segment, first, end);
            result = result with
            {
                File = segment.Log,
                Position = first.Position,
                Length = (int)(end - first.Position),
                BaseOffset = first.BaseOffset,
            };
            return withAborted ? result with { AbortedTransactions = AbortedWithin(segments, i, offset, end, limit) } : result;
        }

        return result;
    }

    /// <summary>Where the sound part of a range ends.</summary>
    private static long VerifiedEnd(LogSegment segment, in BatchHeader first, long end)
    {
        var verified = segment.VerifiedEnd;
        if (end <= verified)
        {
            return end;
        }

        var from = Math.Max(verified, first.Position);
        using var scanner = new BatchScanner(segment.Log, from, end, segment.BaseOffset);
        while (scanner.TryRead())
        {
        }

        if (from == verified)
        {
            segment.MarkVerified(scanner.Position);
        }

        return scanner.Fault is null || scanner.Position > first.Position
            ? scanner.Position
            : throw new CorruptLogException(
                segment.LogPath, scanner.Position, $"{scanner.Fault}; read on behind offset {first.LastOffset}");
    }

    /// <summary>The aborted transactions that overlap what is read: from the offset to where the range ends.</summary>
    private static List<AbortedTransaction> AbortedWithin(LogSegment[] segments, int index, long offset, long end, long limit)
    {
        List<AbortedTransaction>? found = null;
        long? upper = null;
        for (var i = index; i < segments.Length; i++)
        {
            foreach (var aborted in segments[i].Transactions.Entries)
            {
                upper ??= UpperOffset(segments, index, end, limit);
                if (aborted.LastOffset >= offset && aborted.FirstOffset < upper)
                {
                    (found ??= []).Add(aborted);
                }

                if (aborted.LastStableOffset >= upper)
                {
                    return found ?? [];
                }
            }
        }

        return found ?? [];
    }

    /// <summary>The offset behind the last batch of a range that ends at the position.</summary>
    private static long UpperOffset(LogSegment[] segments, int index, long end, long limit)
    {
        var segment = segments[index];
        if (end < segment.Size)
        {
            Span<byte> buffer = stackalloc byte[RecordBatch.HeaderSize];
            var reader = new BatchHeaderReader(segment.Log, end, segment.Size, buffer);
            return reader.TryRead(out var next) ? next.BaseOffset : limit;
        }

        return index + 1 < segments.Length ? segments[index + 1].BaseOffset : limit;
    }

    /// <summary>Finds the first record whose timestamp is at or above <paramref name="timestamp"/>, in offset order.</summary>
    /// <param name="timestamp">ms since 1970.</param>
    /// <param name="isolation">How far the search sees.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="CorruptLogException">A batch on the way is damaged.</exception>
    public TimestampOffset? FindByTimestamp(long timestamp, ReadIsolation isolation = ReadIsolation.HighWatermark)
    {
        var limit = VisibleEnd(isolation);
        var start = LogStartOffset;
        foreach (var segment in Segments)
        {
            if (segment.MaxTimestamp >= timestamp
                && FindInSegment(segment, timestamp, Math.Max(segment.Times.OffsetBefore(timestamp), start), limit) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Finds the record with the largest timestamp, the first of them when there are several.</summary>
    /// <returns>Null for an empty log.</returns>
    /// <exception cref="CorruptLogException">A batch on the way is damaged.</exception>
    public TimestampOffset? FindMaxTimestamp()
    {
        LogSegment? best = null;
        foreach (var segment in Segments)
        {
            best = segment.MaxTimestamp > (best?.MaxTimestamp ?? -1) ? segment : best;
        }

        return best is null ? null : FindInSegment(best, best.MaxTimestamp, Math.Max(best.BaseOffset, LogStartOffset), LogEndOffset);
    }

    /// <summary>The offset below which a reader sees records.</summary>
    public long VisibleEnd(ReadIsolation isolation) => isolation switch
    {
        ReadIsolation.Committed => LastStableOffset,
        ReadIsolation.HighWatermark => HighWatermark,
        _ => LogEndOffset,
    };

    private static TimestampOffset? FindInSegment(LogSegment segment, long timestamp, long fromOffset, long limit)
    {
        if (!segment.TryFind(fromOffset, out var first))
        {
            return null;
        }

        using var scanner = new BatchScanner(segment.Log, first.Position, segment.Size, first.BaseOffset);
        while (scanner.TryRead() && scanner.Header.BaseOffset < limit)
        {
            if (scanner.Header.MaxTimestamp >= timestamp && FindInBatch(scanner, timestamp, fromOffset, limit) is { } found)
            {
                return found;
            }
        }

        return scanner.Fault is null ? null : throw new CorruptLogException(segment.LogPath, scanner.Position, scanner.Fault);
    }

    private static TimestampOffset? FindInBatch(BatchScanner scanner, long timestamp, long fromOffset, long limit)
    {
        _ = RecordBatchView.TryRead(scanner.Batch, out var batch);
        using var plain = batch.Compression == CompressionType.None ? null : new PooledBufferWriter(batch.SizeInBytes * 4);
        var records = batch.RecordBytes;
        if (plain is not null)
        {
            Compressor.Decompress(batch.Compression, records, plain, DecompressionLimit.Of(batch.SizeInBytes));
            records = plain.WrittenSpan;
        }

        var cursor = new RecordCursor(batch);
        while (cursor.TryRead(records, out var record))
        {
            if (record.Timestamp >= timestamp && record.Offset >= fromOffset && record.Offset < limit)
            {
                return new TimestampOffset(record.Offset, record.Timestamp, batch.PartitionLeaderEpoch);
            }
        }

        return null;
    }
}
