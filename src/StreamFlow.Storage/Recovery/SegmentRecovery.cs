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
    /// <summary>Whether the leader epochs found are new, so that their file has to be written.</summary>
    public bool AreEpochsChanged { get; private set; }

    /// <summary>Scans a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="nextBaseOffset">Base offset of the segment behind it, null for the last.</param>
    /// <param name="nextOffset">The offset behind the last batch.</param>
    /// <returns>True when the log has to end here: the tail of the segment was cut, or was lost.</returns>
    public bool Recover(LogSegment segment, long? nextBaseOffset, out long nextOffset)
    {
        segment.ResetIndexes();
        nextOffset = segment.BaseOffset;
        var end = segment.Size;
        var isSound = true;
        using var scanner = new BatchScanner(segment.Log, 0, end, segment.BaseOffset);
        while (true)
        {
            var isSequel = true;
            while (isSequel && scanner.TryRead())
            {
                isSequel = IsSequel(scanner.Header, nextOffset, nextBaseOffset);
                if (isSequel)
                {
                    Enter(segment, scanner.Header);
                    nextOffset = scanner.Header.LastOffset + 1;
                    if (isSound)
                    {
                        segment.MarkVerified(scanner.Position);
                    }
                }
            }

            if (isSequel && scanner.Fault is null)
            {
                return nextBaseOffset is { } next && next > nextOffset && !config.IsCompacted && nextOffset >= recoveryPoint;
            }

            isSound = false;
            var faultAt = isSequel ? scanner.Position : scanner.Header.Position;
            var reason = scanner.Fault ?? $"the batch has base offset {scanner.Header.BaseOffset}, {nextOffset} was expected";
            var soundAt = DamageSearch.NextBatch(segment.Log, faultAt + 1, end, nextOffset);
            if (IsTornTail(segment, faultAt, soundAt, end, nextOffset, isLast: nextBaseOffset is null))
            {
                damages.Add(new LogDamage(segment.LogPath, faultAt, end - faultAt, nextOffset, reason, WasCut: true));
                segment.CutAt(faultAt);
                return true;
            }

            var skipTo = soundAt < 0 ? end : soundAt;
            damages.Add(new LogDamage(segment.LogPath, faultAt, skipTo - faultAt, nextOffset, reason, WasCut: false));
            segment.ForceIndexEntry();
            scanner.SkipTo(skipTo);
        }
    }

    private void Enter(LogSegment segment, in BatchHeader header)
    {
        segment.Index(header, config.IndexIntervalBytes);
        if (header.LeaderEpoch >= 0 && epochs.Assign(header.LeaderEpoch, header.BaseOffset))
        {
            AreEpochsChanged = true;
        }
    }

    /// <summary>
    /// The base offset lies outside the checksum. In the last segment, which compaction never touches, a batch follows the one before it
    /// without a gap, so a changed base offset shows.
    /// </summary>
    private bool IsSequel(in BatchHeader header, long nextOffset, long? nextBaseOffset) =>
        nextBaseOffset is { } next ? header.LastOffset < next : config.IsCompacted || header.BaseOffset == nextOffset;

    private bool IsTornTail(LogSegment segment, long faultAt, long soundAt, long end, long offset, bool isLast)
    {
        if (soundAt < 0 && isLast)
        {
            return true;
        }

        return offset >= recoveryPoint && DamageSearch.HasLostSector(segment.Log, faultAt, soundAt < 0 ? end : soundAt);
    }
}
