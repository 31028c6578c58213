using System.Globalization;
using StreamFlow.Core.IO;
using StreamFlow.Core.Topics;

namespace StreamFlow.Storage.Checkpoints;

/// <summary>A file of a data directory with one offset a partition: <c>topic partition offset</c> a line.</summary>
internal static class OffsetCheckpoint
{
    /// <summary>Everything below is durable; an unclean start scans what lies above.</summary>
    public const string RecoveryPoint = "recovery-point-offset-checkpoint";

    /// <summary>Where the log starts when that is not the base of the first segment.</summary>
    public const string LogStart = "log-start-offset-checkpoint";

    /// <summary>The high watermarks.</summary>
    public const string HighWatermark = "replication-offset-checkpoint";

    /// <summary>Up to where compaction has been.</summary>
    public const string Cleaner = "cleaner-offset-checkpoint";

    public static void Write(IFileSystem files, string path, IReadOnlyDictionary<TopicPartition, long> offsets)
    {
        var lines = new List<string>(offsets.Count);
        foreach (var (partition, offset) in offsets)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition} {offset}"));
        }

        lines.Sort(StringComparer.Ordinal);
        CheckpointFile.Write(files, path, lines);
    }

    /// <summary>The offsets; empty when the file is missing or damaged, which is always safe: more is scanned.</summary>
    public static Dictionary<TopicPartition, long> Read(IFileSystem files, string path)
    {
        var offsets = new Dictionary<TopicPartition, long>();
        foreach (var entry in CheckpointFile.TryRead(files, path, fields: 3) ?? [])
        {
            if (int.TryParse(entry[1], CultureInfo.InvariantCulture, out var partition)
                && long.TryParse(entry[2], CultureInfo.InvariantCulture, out var offset))
            {
                offsets[new TopicPartition(entry[0], partition)] = offset;
            }
        }

        return offsets;
    }
}
