using StreamFlow.Core.IO;
using StreamFlow.Storage.Producers;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Recovery;

/// <summary>
/// Rebuilds the producer state: the latest usable snapshot, then every batch behind it. Where a segment's transaction index was reset
/// by a scan, the aborted transactions found on the way fill it again.
/// </summary>
internal sealed class ProducerReplay(IFileSystem files, string directory, List<LogSegment> segments)
{
    /// <param name="logStartOffset">First offset of the log.</param>
    /// <param name="logEndOffset">End of the log.</param>
    /// <param name="firstReset">
    /// Base offset of the first segment whose transaction index is to be filled; at most there the replay begins.
    /// </param>
    public ProducerStateManager Run(long logStartOffset, long logEndOffset, long firstReset)
    {
        var producers = new ProducerStateManager();
        producers.Reset(logStartOffset);
        LoadSnapshot(producers, logStartOffset, logEndOffset, Math.Min(logEndOffset, firstReset));
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            var isPast = i + 1 < segments.Count && segments[i + 1].BaseOffset <= producers.EndOffset;
            if (!isPast && segment.Size > 0)
            {
                Replay(producers, segment, fillIndex: segment.BaseOffset >= firstReset);
            }
        }

        producers.AdvanceTo(logEndOffset);
        return producers;
    }

    private void LoadSnapshot(ProducerStateManager producers, long logStartOffset, long logEndOffset, long maxOffset)
    {
        var snapshots = new List<long>();
        foreach (var name in files.ListFiles(directory))
        {
            if (LogFileName.OffsetOf(name, LogFileName.ProducerSnapshot) is { } offset)
            {
                snapshots.Add(offset);
            }
        }

        snapshots.Sort();
        for (var i = snapshots.Count - 1; i >= 0; i--)
        {
            var path = LogFileName.Of(directory, snapshots[i], LogFileName.ProducerSnapshot);
            if (snapshots[i] > logEndOffset)
            {
                // It speaks of batches that were cut, and would be taken for the truth once the log has grown past it again.
                files.DeleteFile(path);
                continue;
            }

            if (snapshots[i] > maxOffset || snapshots[i] < logStartOffset)
            {
                continue;
            }

            if (ProducerSnapshot.TryRead(files, path, out var entries))
            {
                producers.Load(entries, snapshots[i]);
                return;
            }

            files.DeleteFile(path);
        }
    }

    private static void Replay(ProducerStateManager producers, LogSegment segment, bool fillIndex)
    {
        var from = segment.TryFind(producers.EndOffset, out var first) ? first.Position : segment.Size;
        using var scanner = new BatchScanner(segment.Log, from, segment.Size, minOffset: 0);
        while (true)
        {
            while (scanner.TryRead())
            {
                Enter(producers, segment, scanner, fillIndex);
            }

            if (scanner.Fault is null)
            {
                return;
            }

            var next = DamageSearch.NextBatch(segment.Log, scanner.Position + 1, segment.Size, producers.EndOffset);
            scanner.SkipTo(next < 0 ? segment.Size : next, producers.EndOffset);
        }
    }

    private static void Enter(ProducerStateManager producers, LogSegment segment, BatchScanner scanner, bool fillIndex)
    {
        var header = scanner.Header;
        if (header.LastOffset < producers.EndOffset || header.ProducerId < 0)
        {
            return;
        }

        if (!header.IsControl)
        {
            producers.Append(header);
            return;
        }

        if (!TransactionMarker.TryRead(scanner.Batch, out var marker))
        {
            return;
        }

        var completed = producers.Completes(header.ProducerId, marker, header.LastOffset);
        if (fillIndex && completed is { IsAborted: true } aborted)
        {
            segment.Transactions.Append(new AbortedTransaction(
                aborted.ProducerId, aborted.FirstOffset, aborted.MarkerOffset, producers.LastStableOffsetAfter(aborted)));
        }

        producers.AppendMarker(header, marker, completed);
    }
}
