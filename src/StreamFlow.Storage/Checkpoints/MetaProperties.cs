using System.Globalization;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Checkpoints;

/// <summary>
/// <c>meta.properties</c> of a data directory: whose it is. Keys are Kafka's: <c>version=1</c>, <c>cluster.id</c>, <c>node.id</c>,
/// <c>directory.id</c>. Written once, at the first start.
/// </summary>
internal sealed record MetaProperties(string ClusterId, int NodeId, Guid DirectoryId)
{
    public const string FileName = "meta.properties";

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="StorageException">The file is not what a broker writes.</exception>
    public static MetaProperties? Read(IFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!files.FileExists(path))
        {
            return null;
        }

        var values = new Dictionary<string, string>();
        foreach (var line in Encoding.UTF8.GetString(files.ReadAllBytes(path)).Split('\n'))
        {
            if (line.Trim() is { Length: > 0 } text && text[0] != '#' && text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                values[text[..at].Trim()] = text[(at + 1)..].Trim();
            }
        }

        if (!values.TryGetValue("cluster.id", out var clusterId)
            || !values.TryGetValue("node.id", out var node)
            || !int.TryParse(node, CultureInfo.InvariantCulture, out var nodeId))
        {
            throw new StorageException($"{path} has no cluster.id and node.id; restore it, or choose another directory");
        }

        _ = TopicIds.TryParse(values.GetValueOrDefault("directory.id", ""), out var directoryId);
        return new MetaProperties(clusterId, nodeId, directoryId);
    }

    public void Write(IFileSystem files, string directory)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"version=1\ncluster.id={ClusterId}\nnode.id={NodeId}\ndirectory.id={TopicIds.Format(DirectoryId)}\n");
        files.WriteAtomically(Path.Combine(directory, FileName), Encoding.UTF8.GetBytes(text));
    }
}
