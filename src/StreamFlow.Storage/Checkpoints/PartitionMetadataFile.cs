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

    public static void Write(IFileSystem files, string directory, Guid topicId) =>
        files.WriteAtomically(
            Path.Combine(directory, FileName), Encoding.UTF8.GetBytes($"version: 0\n{TopicIdKey}{TopicIds.Format(topicId)}\n"));

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
