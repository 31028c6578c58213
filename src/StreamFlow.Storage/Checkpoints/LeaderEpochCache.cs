using System.Globalization;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Checkpoints;

/// <summary>
/// The leader epochs of a partition with the offset at which each began (KIP-101), in memory and in <c>leader-epoch-checkpoint</c>
/// (<c>epoch start-offset</c> a line). Changed under the partition's lock; readers take the published array.
/// </summary>
internal sealed class LeaderEpochCache(IFileSystem files, string directory)
{
    public const string FileName = "leader-epoch-checkpoint";

    private readonly string _path = Path.Combine(directory, FileName);
    private readonly Lock _fileLock = new();
    private (int Epoch, long StartOffset)[] _entries = [];
    private volatile bool _isDirty;

    /// <summary>The latest epoch, -1 when no batch has one.</summary>
    public int Latest => Volatile.Read(ref _entries) is [.., var last] ? last.Epoch : -1;

    public void Load()
    {
        var entries = new List<(int, long)>();
        foreach (var entry in CheckpointFile.TryRead(files, _path, fields: 2) ?? [])
        {
            if (int.TryParse(entry[0], CultureInfo.InvariantCulture, out var epoch)
                && long.TryParse(entry[1], CultureInfo.InvariantCulture, out var start))
            {
                entries.Add((epoch, start));
            }
        }

        _entries = [.. entries];
    }

    /// <summary>Notes that the epoch's first batch is at the offset; nothing happens when the epoch is not newer than the latest.</summary>
    /// <remarks>
    /// The file follows at the next sync: batches bear their epochs, and those that are not durable yet are scanned at the next start.
    /// </remarks>
    public void Assign(int epoch, long startOffset)
    {
        if (epoch > Latest)
        {
            Add(epoch, startOffset);
        }
    }

    // Apart from the above, or every append would pay for the closure.
    private void Add(int epoch, long startOffset)
    {
        // An epoch that ended without a batch left an entry at the same offset, which the new one replaces.
        Volatile.Write(ref _entries, [.. Array.FindAll(_entries, e => e.StartOffset < startOffset), (epoch, startOffset)]);
        _isDirty = true;
    }

    /// <summary>The epoch of the batch at the offset, -1 when it is not known.</summary>
    public int EpochAt(long offset)
    {
        var entries = Volatile.Read(ref _entries);
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].StartOffset <= offset)
            {
                return entries[i].Epoch;
            }
        }

        return -1;
    }

    /// <summary>The answer to OffsetForLeaderEpoch.</summary>
    public EpochEndOffset EndOffsetOf(int epoch, long logEndOffset)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries.Length == 0 || epoch > entries[^1].Epoch || epoch < 0)
        {
            return new EpochEndOffset(-1, -1);
        }

        if (epoch == entries[^1].Epoch)
        {
            return new EpochEndOffset(epoch, logEndOffset);
        }

        for (var i = entries.Length - 2; i >= 0; i--)
        {
            if (entries[i].Epoch <= epoch)
            {
                return new EpochEndOffset(entries[i].Epoch, entries[i + 1].StartOffset);
            }
        }

        // Older than the log remembers: it ended where the first known epoch begins.
        return new EpochEndOffset(epoch, entries[0].StartOffset);
    }

    /// <summary>Forgets epochs that begin at or above the offset.</summary>
    public void TruncateFromEnd(long endOffset)
    {
        var kept = Array.FindAll(_entries, e => e.StartOffset < endOffset);
        if (kept.Length < _entries.Length)
        {
            Volatile.Write(ref _entries, kept);
            Write();
        }
    }

    /// <summary>Forgets epochs that end at or below the offset; the epoch that spans it begins there now.</summary>
    public void TruncateFromStart(long startOffset)
    {
        var entries = _entries;
        var spanning = Array.FindLastIndex(entries, e => e.StartOffset <= startOffset);
        if (spanning > 0 || (spanning == 0 && entries[0].StartOffset < startOffset))
        {
            var kept = entries[spanning..];
            kept[0].StartOffset = startOffset;
            Volatile.Write(ref _entries, kept);
            Write();
        }
    }

    /// <summary>Writes the file when epochs were assigned since it was written last.</summary>
    public void WriteIfDirty()
    {
        if (_isDirty)
        {
            Write();
        }
    }

    private void Write()
    {
        lock (_fileLock)
        {
            _isDirty = false;
            try
            {
                CheckpointFile.Write(
                    files,
                    _path,
                    Array.ConvertAll(
                        Volatile.Read(ref _entries), e => string.Create(CultureInfo.InvariantCulture, $"{e.Epoch} {e.StartOffset}")));
            }
            catch (StorageException)
            {
                _isDirty = true;
                throw;
            }
        }
    }
}
