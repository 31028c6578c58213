using StreamFlow.Storage.Checkpoints;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Recovery;

/// <summary>
/// Scans a segment whose state is not known: checks every batch, builds the indexes anew, notes leader epochs. What it finds unsound is
/// either a torn tail, which is cut, or damage in the middle, which stays where it is and is stepped over.
/// </summary>
/// <param name="config">The topic's settings.</param>
/// <param name="recoveryPoint">Offset below which everything was durable: damage there is not the trace of a crash.</param>
/// <param name="epochs">Takes the leader epochs that are found.</param>
/// <param name="damages">Takes what is found unsound.</param>
internal sealed class SegmentRecovery(LogConfig config, long recoveryPoint, LeaderEpochCache epochs, List<LogDamage> damages)
{
    /// <summary>Scans a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="nextBaseOffset">Base offset of the segment behind it, null for the last.</param>
    /// <param name="nextOffset">The offset behind the last batch.</param>
    /// <returns>True when the log has to end here: the tail of the segment was cut, or was lost.</returns>
    public bool Recover(LogSegment segment, long? nextBaseOffset, out long nextOffset)
    {
        segment.ResetIndexes();
        nextOffset = segment.BaseOffset;
        var isSound = true;
        using var scanner = new BatchScanner(segment.Log, 0, segment.Size, segment.BaseOffset);
        while (ScanToFault(scanner, segment, nextBaseOffset, isSound, ref nextOffset) is { } fault)
        {
            var end = segment.Size;
            var soundAt = DamageSearch.NextBatch(segment.Log, fault.Position + 1, end, nextOffset);
            if (IsTornTail(segment, fault.Position, soundAt, nextOffset, isLast: nextBaseOffset is null))
            {
                damages.Add(fault with { Length = end - fault.Position, WasCut = true });
                segment.CutAt(fault.Position);
                return true;
            }

            var skipTo = soundAt < 0 ? end : soundAt;
            damages.Add(fault with { Length = skipTo - fault.Position });
            segment.ForceIndexEntry();
            scanner.SkipTo(skipTo, nextOffset);
            isSound = false;
        }

        return nextBaseOffset > nextOffset && !config.IsCompacted && nextOffset >= recoveryPoint;
    }

    /// <summary>Enters sound batches into the indexes up to the end (null), or to a fault.</summary>
    private LogDamage? ScanToFault(BatchScanner scanner, LogSegment segment, long? nextBaseOffset, bool isSound, ref long nextOffset)
    {
        // Behind damage the next offset is not known.
        var isSequelKnown = isSound;
        while (scanner.TryRead())
        {
            var header = scanner.Header;
            if (!IsSequel(header, segment.BaseOffset, isSequelKnown ? nextOffset : header.BaseOffset, nextBaseOffset))
            {
                var reason = $"the batch has base offset {header.BaseOffset}, {nextOffset} was expected";
                return new LogDamage(segment.LogPath, header.Position, 0, nextOffset, reason, WasCut: false);
            }

            Enter(segment, header);
            isSequelKnown = true;
            nextOffset = header.LastOffset + 1;
            if (isSound)
            {
                segment.MarkVerified(scanner.Position);
            }
        }

        return scanner.Fault is null ? null : new LogDamage(segment.LogPath, scanner.Position, 0, nextOffset, scanner.Fault, WasCut: false);
    }

    private void Enter(LogSegment segment, in BatchHeader header)
    {
        segment.Index(header, config.IndexIntervalBytes);
        if (header.LeaderEpoch >= 0)
        {
            epochs.Assign(header.LeaderEpoch, header.BaseOffset);
        }
    }

    /// <summary>
    /// The base offset lies outside the checksum. In the last segment, which compaction never touches, a batch follows the one before it
    /// without a gap, so a changed base offset shows.
    /// </summary>
    private bool IsSequel(in BatchHeader header, long segmentBase, long nextOffset, long? nextBaseOffset)
    {
        if (header.LastOffset - segmentBase > int.MaxValue || header.LastOffset >= nextBaseOffset)
        {
            return false;
        }

        return nextBaseOffset is not null || config.IsCompacted || header.BaseOffset == nextOffset;
    }

    /// <summary>
    /// Whether a crash explains the fault: in the last segment nothing sound follows, or what was not durable yet lacks sectors or its
    /// end. Damage that a crash does not explain has to stay, for what lies behind it was acknowledged.
    /// </summary>
    private bool IsTornTail(LogSegment segment, long faultAt, long soundAt, long offset, bool isLast)
    {
        if (soundAt < 0 && isLast)
        {
            return true;
        }

        return offset >= recoveryPoint
            && (DamageSearch.HasLostSector(segment.Log, faultAt, soundAt < 0 ? segment.Size : soundAt)
                || (soundAt < 0 && !DamageSearch.EndsWithBatch(segment.Log, faultAt, segment.Size)));
    }
}
