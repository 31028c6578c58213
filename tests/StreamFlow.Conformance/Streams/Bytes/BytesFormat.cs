using System.Text.Json;

namespace StreamFlow.Conformance.Streams.Bytes;

/// <summary>Vectors of internal topics (<c>streams-bytes/FORMAT.md</c>): topologies as data, and every byte written to them.</summary>
internal sealed class BytesFormat : IVectorFormat
{
    public string Name => "streams-bytes";

    public bool Recognizes(string file, JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("topology", out _) && content.TryGetProperty("internal", out _);

    public async Task RunAsync(IReadOnlyList<string> files, Tally tally)
    {
        foreach (var file in files)
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            var name = document.RootElement.GetProperty("name").GetString()!;
            tally.Add($"{Name} {name.Split('/')[0]}", name, Failure(document.RootElement));
        }
    }

    private static string? Failure(JsonElement json)
    {
        try
        {
            var (topology, context) = Interpreter.Build(json);
            return new BytesRun(json, topology, context).Execute();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.OnOneLine();
        }
    }
}
