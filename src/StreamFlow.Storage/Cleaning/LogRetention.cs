using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Cleaning;

/// <summary>
/// Which segments of a log are to be removed. Whole segments only, from the first on, and never the active one.
/// <list type="bullet">
/// <item>By time: the largest timestamp of the segment is older than <c>retention.ms</c>. When that holds for all, the active one
/// is rolled first.</item>
/// <item>By size: as long as the log without the segment still has <c>retention.bytes</c>. Segments of 100, 100 and 50 bytes with a
/// limit of 120: the first goes (150 are left), the second stays (50 would be left).</item>
/// <item>By log start: what lies below the log's start offset, whatever the policy.</item>
/// </list>
/// Nothing at or above the high watermark is removed.
/// </summary>
internal readonly struct LogRetention(LogConfig config, long now)
{
    /// <summary>Removes what is due. The caller holds the log's write lock.</summary>
    public void Apply(PartitionLog log)
    {
        if (config.IsDeleted && IsExpired(log.Segments[^1]) && CountExpired(log.Segments) == log.Segments.Length - 1)
        {
            log.RollForRetention();
        }

        var segments = log.Segments;
        var count = CountBelow(segments, log.LogStartOffset);
        if (config.IsDeleted)
        {
            count = Math.Max(count, Math.Max(CountExpired(segments), CountOversized(segments, log.SizeInBytes)));
        }

        while (count > 0 && segments[count].BaseOffset > log.HighWatermark)
        {
            count--;
        }

        log.RemoveFirst(count);
    }

    private bool IsExpired(LogSegment segment) =>
        config.RetentionMs >= 0 && segment.Size > 0 && segment.MaxTimestamp >= 0 && now - segment.MaxTimestamp > config.RetentionMs;

    private int CountExpired(LogSegment[] segments)
    {
        var count = 0;
        while (count < segments.Length - 1 && IsExpired(segments[count]))
        {
            count++;
        }

        return count;
    }

    private int CountOversized(LogSegment[] segments, long size)
    {
        var count = 0;
        while (config.RetentionBytes >= 0 && count < segments.Length - 1 && size - segments[count].Size >= config.RetentionBytes)
        {
            size -= segments[count++].Size;
        }

        return count;
    }

    private static int CountBelow(LogSegment[] segments, long offset)
    {
        var count = 0;
        while (count < segments.Length - 1 && segments[count + 1].BaseOffset <= offset)
        {
            count++;
        }

        return count;
    }
}
