using StreamFlow.Core.IO;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Recovery;

/// <summary>
/// Finishes or undoes a cleaning that a crash interrupted. The cleaner writes <c>.cleaned</c> files, renames all of them to
/// <c>.swap</c>, from the last to the first, then takes the old segments away and drops the suffix. So as long as a <c>.cleaned</c> log is
/// left, the swap was not complete and the old segments are all there; when only <c>.swap</c> is left, the new ones hold everything.
/// </summary>
internal sealed class SwapRecovery(IFileSystem files, string directory)
{
    private static readonly string[] Kinds =
        [LogFileName.Log, LogFileName.OffsetIndex, LogFileName.TimeIndex, LogFileName.TransactionIndex];

    public void Run()
    {
        var names = files.ListFiles(directory);
        var firstCleaned = long.MaxValue;
        foreach (var name in names)
        {
            firstCleaned = Math.Min(firstCleaned, OffsetOf(name, LogFileName.Cleaned) ?? long.MaxValue);
        }

        foreach (var name in names)
        {
            if (OffsetOf(name, LogFileName.Cleaned) is not null || OffsetOf(name, LogFileName.Swap) >= firstCleaned)
            {
                files.DeleteFile(Path.Combine(directory, name));
            }
        }

        foreach (var name in files.ListFiles(directory))
        {
            if (LogFileName.OffsetOf(name, LogFileName.Log + LogFileName.Swap) is { } offset)
            {
                Complete(offset);
            }
        }
    }

    /// <summary>Puts a complete output in the place of the segments whose offsets it covers; the loader rebuilds its indexes.</summary>
    private void Complete(long offset)
    {
        var swap = LogFileName.Of(directory, offset, LogFileName.Log + LogFileName.Swap);
        var endOffset = offset;
        using (var file = files.Open(swap))
        using (var scanner = new BatchScanner(file, 0, file.Length, offset))
        {
            while (scanner.TryRead())
            {
                endOffset = scanner.Header.LastOffset + 1;
            }
        }

        foreach (var name in files.ListFiles(directory))
        {
            if (LogFileName.OffsetOf(name, LogFileName.Log) is { } old && old >= offset && (old < endOffset || old == offset))
            {
                DeleteAll(old, "");
            }
        }

        files.Move(swap, LogFileName.Of(directory, offset, LogFileName.Log));
        DeleteAll(offset, LogFileName.Swap);
    }

    private void DeleteAll(long offset, string suffix)
    {
        foreach (var kind in Kinds)
        {
            files.DeleteFile(LogFileName.Of(directory, offset, kind + suffix));
        }
    }

    private static long? OffsetOf(string name, string suffix)
    {
        foreach (var kind in Kinds)
        {
            if (LogFileName.OffsetOf(name, kind + suffix) is { } offset)
            {
                return offset;
            }
        }

        return null;
    }
}
