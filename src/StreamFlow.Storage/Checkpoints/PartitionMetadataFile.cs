using System.Text;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Checkpoints;

/// <summary>
/// <c>partition.metadata</c>: which topic (by id) a partition's directory belongs to, so that a topic that was deleted and created again
/// is not taken for the old one. Two lines: <c>version: 0</c> and <c>topic_id: ID</c>.
/// </summary>
internal static class PartitionMetadataFile
{
    public const string FileName = "partition.metadata";

    private const string TopicIdKey = "topic_id: ";

    /// <summary>Writes the file without syncing it; a partition is durable from its first flush on.</summary>
    public static void Write(IFileSystem files, string directory, Guid topicId)
    {
        using var file = files.Open(Path.Combine(directory, FileName));
        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes($"version: 0\n{TopicIdKey}{TopicIds.Format(topicId)}\n"), 0);
    }

    public static void Sync(IFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (files.FileExists(path))
        {
            using var file = files.Open(path);
            file.Sync();
        }
    }

    /// <summary>The topic's id; <see cref="Guid.Empty"/> when the file is missing or damaged.</summary>
    public static Guid Read(IFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!files.FileExists(path))
        {
            return Guid.Empty;
        }

        foreach (var line in Encoding.UTF8.GetString(files.ReadAllBytes(path)).Split('\n'))
        {
            if (line.StartsWith(TopicIdKey, StringComparison.Ordinal) && TopicIds.TryParse(line[TopicIdKey.Length..].Trim(), out var id))
            {
                return id;
            }
        }

        return Guid.Empty;
    }
}
