using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Storage.Checkpoints;
using StreamFlow.Storage.Producers;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Recovery;

/// <summary>
/// Opens a partition's directory: completes or undoes a cleaning that a crash interrupted, loads or rebuilds indexes, cuts a torn tail,
/// and rebuilds the producer state from the latest snapshot and the batches behind it.
/// </summary>
internal sealed class LogLoader(IFileSystem files, string directory, LogConfig config, LogLoadOptions options)
{
    private readonly List<LogDamage> _damages = [];
    private readonly LeaderEpochCache _epochs = new(files, directory);

    public LoadedLog Load()
    {
        new SwapRecovery(files, directory).Run();
        RemoveOrphans();
        _epochs.Load();
        var segments = OpenSegments();
        var firstScanned = LoadSegments(segments, out var logEndOffset);
        var logStartOffset = Math.Max(options.LogStartOffset, segments.Count == 0 ? 0 : segments[0].BaseOffset);
        if (segments.Count == 0 || logStartOffset > logEndOffset)
        {
            StartAnew(segments, logStartOffset);
            logEndOffset = logStartOffset;
        }

        _epochs.TruncateFromEnd(logEndOffset);
        var producers = new ProducerReplay(files, directory, segments).Run(logStartOffset, logEndOffset, firstScanned);
        var durableOffset = options.IsClean ? logEndOffset : Math.Clamp(options.RecoveryPoint, logStartOffset, logEndOffset);
        return new LoadedLog(segments, logStartOffset, logEndOffset, durableOffset, producers, _epochs, _damages);
    }

    private List<LogSegment> OpenSegments()
    {
        var offsets = new List<long>();
        foreach (var name in files.ListFiles(directory))
        {
            if (LogFileName.OffsetOf(name, LogFileName.Log) is { } offset)
            {
                offsets.Add(offset);
            }
        }

        offsets.Sort();
        return offsets.ConvertAll(o => LogSegment.Open(files, directory, o, options.IsClean));
    }

    /// <summary>Loads each segment's indexes or scans it.</summary>
    /// <returns>Base offset of the first segment that was scanned; <see cref="long.MaxValue"/> when none was.</returns>
    private long LoadSegments(List<LogSegment> segments, out long logEndOffset)
    {
        var firstScanned = long.MaxValue;
        var recovery = new SegmentRecovery(config, options.RecoveryPoint, _epochs, _damages);
        logEndOffset = 0;
        for (var i = 0; i < segments.Count; i++)
        {
            var isLast = i == segments.Count - 1;
            long? nextBase = isLast ? null : segments[i + 1].BaseOffset;
            logEndOffset = nextBase ?? 0;
            var mustScan = !options.IsClean && (isLast || nextBase > options.RecoveryPoint);
            if (!mustScan && TryLoad(segments[i], isLast, ref logEndOffset))
            {
                continue;
            }

            firstScanned = Math.Min(firstScanned, segments[i].BaseOffset);
            var endsHere = recovery.Recover(segments[i], nextBase, out var nextOffset);
            if (endsHere || isLast)
            {
                logEndOffset = nextOffset;
                RemoveBehind(segments, i);
                break;
            }

            segments[i].Seal();
        }

        _epochs.WriteIfDirty();
        return firstScanned;
    }

    /// <summary>Takes over a segment's indexes; for the last segment the end of the log as well.</summary>
    private static bool TryLoad(LogSegment segment, bool isLast, ref long logEndOffset)
    {
        if (!segment.TryLoadIndexes(isActive: isLast))
        {
            return false;
        }

        if (!isLast)
        {
            return true;
        }

        try
        {
            segment.RestoreMaxTimestamp();
            logEndOffset = segment.LastOffset() is { } last ? last + 1 : segment.BaseOffset;
            return true;
        }
        catch (CorruptLogException)
        {
            // The scan that follows says what it is and what becomes of it.
            return false;
        }
    }

    /// <summary>Removes what lies behind the new end: it was never made durable, and a gap in front of it cannot be served.</summary>
    private void RemoveBehind(List<LogSegment> segments, int index)
    {
        if (index == segments.Count - 1)
        {
            return;
        }

        for (var i = segments.Count - 1; i > index; i--)
        {
            _damages.Add(new LogDamage(
                segments[i].LogPath, 0, segments[i].Size, segments[i].BaseOffset, "the log ends before this segment", WasCut: true));
            segments[i].Delete("");
            segments.RemoveAt(i);
        }

        files.SyncDirectory(directory);
    }

    private void StartAnew(List<LogSegment> segments, long offset)
    {
        foreach (var segment in segments)
        {
            segment.Delete("");
        }

        segments.Clear();
        segments.Add(LogSegment.Create(files, directory, offset, config.ReservedBytes));
    }

    /// <summary>Removes index files without a log, and files whose removal a crash interrupted.</summary>
    private void RemoveOrphans()
    {
        foreach (var name in files.ListFiles(directory))
        {
            var path = Path.Combine(directory, name);
            if (name.EndsWith(LogFileName.Deleted, StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal))
            {
                files.DeleteFile(path);
            }
            else if ((LogFileName.OffsetOf(name, LogFileName.OffsetIndex)
                ?? LogFileName.OffsetOf(name, LogFileName.TimeIndex)
                ?? LogFileName.OffsetOf(name, LogFileName.TransactionIndex)) is { } offset
                && !files.FileExists(LogFileName.Of(directory, offset, LogFileName.Log)))
            {
                files.DeleteFile(path);
            }
        }
    }
}
