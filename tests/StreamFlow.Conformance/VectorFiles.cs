using System.Text.Json;

namespace StreamFlow.Conformance;

/// <summary>Finds files with vectors and says of which format they are.</summary>
internal static class VectorFiles
{
    private static readonly IVectorFormat[] Formats =
    [
        new Streams.StreamsFormat(),
        new Streams.Bytes.BytesFormat(),
        new Sql.SqlFormat(),
    ];

    /// <summary>The files of each format that occurs, in the order of their paths; files of no format are left out.</summary>
    public static IEnumerable<(IVectorFormat Format, IReadOnlyList<string> Files)> Find(IEnumerable<string> paths)
    {
        var found = Formats.ToDictionary(f => f, _ => new List<string>());
        foreach (var file in paths.SelectMany(Files).Order(StringComparer.Ordinal))
        {
            using var content = Read(file);
            if (content is not null && Formats.FirstOrDefault(f => f.Recognizes(file, content.RootElement)) is { } format)
            {
                found[format].Add(file);
            }
        }

        return Formats.Where(f => found[f].Count > 0).Select(f => (f, (IReadOnlyList<string>)found[f]));
    }

    private static IEnumerable<string> Files(string path) => File.Exists(path)
        ? [path]
        : Directory.EnumerateFiles(path, "*.json*", SearchOption.AllDirectories).Where(
            f => Path.GetExtension(f) is ".json" or ".jsonl");

    private static JsonDocument? Read(string file)
    {
        try
        {
            return Path.GetExtension(file) == ".jsonl"
                ? File.ReadLines(file).FirstOrDefault() is { } line ? JsonDocument.Parse(line) : null
                : JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException)
        {
            return null; // no vectors, then
        }
    }
}
