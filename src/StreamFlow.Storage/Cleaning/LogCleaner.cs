using StreamFlow.Core.Errors;
using StreamFlow.Storage.Producers;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Cleaning;

/// <summary>
/// Compacts a log: of each key the record with the highest offset stays, at its offset. The dirty part, from the offset where the last
/// cleaning ended up to the active segment, is read into a map of keys; then all segments up to there are copied without what the map
/// supersedes, several small ones into one, and swapped for the old ones, which readers may finish with.
/// <para>
/// What may not be cleaned yet: the active segment, open transactions, records younger than <c>min.compaction.lag.ms</c>.
/// Aborted data goes at once. Tombstones, and markers without data, go when their delete horizon has passed. The last batch of each
/// active producer stays, empty perhaps, because a restarted broker reads the producer's sequence from it.
/// </para>
/// One cleaning at a time; the log is written to and read meanwhile.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="context">What its directory shares.</param>
/// <param name="now">The time (ms).</param>
internal sealed class LogCleaner(PartitionLog log, LogContext context, long now)
{
    private readonly LogConfig _config = log.Config;

    /// <summary>Cleans when enough is dirty.</summary>
    /// <param name="firstDirtyOffset">Where the last cleaning ended.</param>
    /// <returns>Where this one ended; the same offset when nothing was due.</returns>
    /// <exception cref="StorageException">The disk refused, or a batch is damaged: nothing was changed.</exception>
    /// <exception cref="CorruptRecordException">A batch cannot be decoded: nothing was changed.</exception>
    public long CleanIfDue(long firstDirtyOffset)
    {
        var segments = Cleanable();
        if (segments.Count == 0)
        {
            return firstDirtyOffset;
        }

        var dirty = segments.FindIndex(s => NextBase(s) > firstDirtyOffset);
        if (dirty < 0 || !IsDue(segments, dirty))
        {
            return firstDirtyOffset;
        }

        var map = new CleanerOffsetMap(MapSize(segments[dirty..]));
        var end = Fill(map, segments[dirty..], NextBase(segments[^1]));
        segments.RemoveAll(s => s.BaseOffset >= end);
        var transactions = new CleanedTransactions(log.Segments);
        using var cleaner = new BatchCleaner(map, now, _config.DeleteRetentionMs);
        foreach (var group in Groups(segments))
        {
            if (!Clean(group, cleaner, transactions))
            {
                return firstDirtyOffset;
            }
        }

        return end;
    }

    /// <summary>The segments from the first on that may be cleaned.</summary>
    private List<LogSegment> Cleanable()
    {
        var all = log.Segments;
        var limit = Math.Min(log.LastStableOffset, all[^1].BaseOffset);
        var cleanable = new List<LogSegment>();
        for (var i = 0; i < all.Length - 1 && all[i + 1].BaseOffset <= limit; i++)
        {
            if (_config.MinCompactionLagMs > 0 && all[i].MaxTimestamp > now - _config.MinCompactionLagMs)
            {
                break;
            }

            cleanable.Add(all[i]);
        }

        return cleanable;
    }

    private bool IsDue(List<LogSegment> segments, int firstDirty)
    {
        long total = 0;
        long dirty = 0;
        var isOverdue = false;
        for (var i = 0; i < segments.Count; i++)
        {
            total += segments[i].Size;
            if (i >= firstDirty)
            {
                dirty += segments[i].Size;
                isOverdue |= segments[i].Size > 0 && now - segments[i].FirstTimestamp() > _config.MaxCompactionLagMs;
            }
        }

        return dirty > 0 && (isOverdue || dirty > _config.MinCleanableDirtyRatio * total);
    }

    /// <summary>Room for the keys of the smallest records there are, but no more than the settings allow.</summary>
    private int MapSize(List<LogSegment> dirty)
    {
        long size = 64 * 1024;
        foreach (var segment in dirty)
        {
            size += segment.Size * 4;
        }

        return (int)Math.Min(size, context.Options.CleanerBufferBytes);
    }

    /// <summary>Reads the dirty part into the map until it is full.</summary>
    /// <returns>The offset up to which the map speaks.</returns>
    private long Fill(CleanerOffsetMap map, List<LogSegment> segments, long end)
    {
        var transactions = new CleanedTransactions(log.Segments);
        foreach (var segment in segments)
        {
            using var reader = new CleanerReader(segment);
            while (reader.TryRead())
            {
                if (reader.Header.IsControl)
                {
                    _ = TransactionMarker.TryRead(reader.Batch, out var marker);
                    transactions.IsEmpty(reader.Header, marker, out _);
                }
                else if (!transactions.IsAborted(reader.Header) && !reader.TryPutKeys(map))
                {
                    return map.LatestOffset + 1;
                }
            }
        }

        return end;
    }

    /// <summary>Neighbours that fit into one segment together.</summary>
    private List<List<LogSegment>> Groups(List<LogSegment> segments)
    {
        var groups = new List<List<LogSegment>>();
        long size = 0;
        long indexSize = 0;
        foreach (var segment in segments)
        {
            var group = groups.Count == 0 ? null : groups[^1];
            size += segment.Size;
            indexSize += Math.Max(segment.Offsets.File.SizeInBytes, segment.Times.File.SizeInBytes);
            if (group is null
                || size > _config.SegmentBytes
                || indexSize > _config.SegmentIndexBytes
                || NextBase(segment) - group[0].BaseOffset > int.MaxValue)
            {
                groups.Add([segment]);
                size = segment.Size;
                indexSize = 0;
                continue;
            }

            group.Add(segment);
        }

        return groups;
    }

    /// <summary>Copies a group into one segment and swaps it in.</summary>
    /// <returns>False when the log was truncated or closed meanwhile.</returns>
    private bool Clean(List<LogSegment> group, BatchCleaner cleaner, CleanedTransactions transactions)
    {
        var producers = log.LastBatchesOfProducers();
        var reserved = Math.Min(_config.ReservedBytes, group.Sum(s => s.Size));
        var output = LogSegment.Create(context.Files, log.Directory, group[0].BaseOffset, reserved, LogFileName.Cleaned);
        var isSwapped = false;
        try
        {
            foreach (var segment in group)
            {
                using var reader = new CleanerReader(segment);
                while (reader.TryRead())
                {
                    Copy(reader, output, cleaner, transactions, producers);
                }
            }

            output.Seal();
            output.Sync();
            isSwapped = log.TryReplace([.. group], output);
            return isSwapped;
        }
        finally
        {
            if (!isSwapped)
            {
                output.Delete(LogFileName.Cleaned);
            }
        }
    }

    private void Copy(
        CleanerReader reader,
        LogSegment output,
        BatchCleaner cleaner,
        CleanedTransactions transactions,
        IReadOnlyDictionary<long, (long LastOffset, short Epoch)> producers)
    {
        var header = reader.Header;
        var isMarkerOfEmpty = false;
        if (header.IsControl && TransactionMarker.TryRead(reader.Batch, out var marker))
        {
            isMarkerOfEmpty = transactions.IsEmpty(header, marker, out var kept);
            if (kept is { } transaction)
            {
                output.Transactions.Append(transaction);
            }
        }

        var isLastOfProducer = header.ProducerId >= 0
            && producers.TryGetValue(header.ProducerId, out var last)
            && (last.LastOffset >= 0 ? last.LastOffset == header.LastOffset : header.IsControl && last.Epoch == header.ProducerEpoch);
        var isAborted = !header.IsControl && transactions.IsAborted(header);
        var batch = isAborted && isLastOfProducer
            ? BatchCleaner.Emptied(reader.Batch)
            : isAborted ? [] : cleaner.Clean(reader.Batch, isMarkerOfEmpty, isLastOfProducer);
        if (!batch.IsEmpty)
        {
            _ = BatchHeader.TryRead(batch, output.Size, out var placed);
            output.Append(batch, placed, _config.IndexIntervalBytes);
        }
    }

    private long NextBase(LogSegment segment)
    {
        var all = log.Segments;
        var index = Array.IndexOf(all, segment);
        return index >= 0 && index + 1 < all.Length ? all[index + 1].BaseOffset : log.LogEndOffset;
    }
}
