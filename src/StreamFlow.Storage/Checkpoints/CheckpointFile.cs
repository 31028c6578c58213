using System.Globalization;
using System.Text;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Checkpoints;

/// <summary>
/// Kafka's small text files: a line with the version (0), a line with the number of entries, and an entry a line, its fields
/// separated by blanks.
/// </summary>
internal static class CheckpointFile
{
    public static void Write(IFileSystem files, string path, IReadOnlyCollection<string> entries)
    {
        var text = new StringBuilder("0\n").Append(entries.Count).Append('\n');
        foreach (var entry in entries)
        {
            text.Append(entry).Append('\n');
        }

        files.WriteAtomically(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The fields of the entries; null when the file is missing or is not what <see cref="Write"/> writes.</summary>
    public static List<string[]>? TryRead(IFileSystem files, string path, int fields)
    {
        if (!files.FileExists(path))
        {
            return null;
        }

        var lines = Encoding.UTF8.GetString(files.ReadAllBytes(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2
            || lines[0] != "0" || !int.TryParse(lines[1], CultureInfo.InvariantCulture, out var count) || count != lines.Length - 2)
        {
            return null;
        }

        var entries = new List<string[]>(count);
        foreach (var line in lines.AsSpan(2))
        {
            var entry = line.Split(' ');
            if (entry.Length != fields)
            {
                return null;
            }

            entries.Add(entry);
        }

        return entries;
    }
}
