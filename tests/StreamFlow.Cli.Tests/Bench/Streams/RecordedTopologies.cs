using System.Text.Json.Nodes;

namespace StreamFlow.Cli.Tests.Bench.Streams;

/// <summary>The inputs and outputs of the topologies as Kafka Streams had them: <c>conformance/streams-topologies.json</c>.</summary>
public sealed class RecordedTopologies
{
    private readonly JsonNode _file;

    private RecordedTopologies(string path) => _file = JsonNode.Parse(File.ReadAllText(path))!;

    /// <summary>Null where the recording is missing.</summary>
    public static RecordedTopologies? Instance { get; } = Find() is { } path ? new(path) : null;

    public long Events => (long)_file["events"]!;

    public long Seed => (long)_file["seed"]!;

    public int Partitions => (int)_file["partitions"]!;

    public JsonObject Inputs => _file["inputs"]!.AsObject();

    public JsonNode CaseOf(string topology) => _file["cases"]!.AsArray().Single(c => (string)c!["topology"]! == topology)!;

    private static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "shared", "conformance", "streams-topologies.json");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
