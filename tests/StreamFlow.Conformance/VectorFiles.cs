using System.Text.Json;

namespace StreamFlow.Conformance;

/// <summary>Finds files with vectors and says of which format they are.</summary>
internal static class VectorFiles
{
    /// <summary>The files of each format that occurs, in the order of their paths; files of no format are left out.</summary>
    /// <param name="formats">The formats.</param>
    /// <param name="paths">Files and folders.</param>
    public static IEnumerable<(IVectorFormat Format, IReadOnlyList<string> Files)> Find(
        IReadOnlyList<IVectorFormat> formats, IEnumerable<string> paths)
    {
        var found = formats.ToDictionary(f => f, _ => new List<string>());
        foreach (var file in paths.SelectMany(Files).Order(StringComparer.Ordinal))
        {
            using var content = Read(file);
            if (content is not null && formats.FirstOrDefault(f => f.Recognizes(file, content.RootElement)) is { } format)
            {
                found[format].Add(file);
            }
        }

        return formats.Where(f => found[f].Count > 0).Select(f => (f, (IReadOnlyList<string>)found[f]));
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
