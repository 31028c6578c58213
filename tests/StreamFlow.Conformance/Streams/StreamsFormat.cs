using System.Text.Json;

namespace StreamFlow.Conformance.Streams;

/// <summary>The vectors of the streams DSL (<c>streams/FORMAT.md</c>): topologies as data, inputs and recorded outputs.</summary>
internal sealed class StreamsFormat : IVectorFormat
{
    public string Name => "streams";

    public bool Recognizes(string file, JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("topology", out _) && content.TryGetProperty("runs", out _);

    public async Task RunAsync(IReadOnlyList<string> files, Tally tally)
    {
        foreach (var file in files)
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            var name = document.RootElement.GetProperty("name").GetString()!;
            tally.Add($"{Name} {name.Split('/')[0]}", name, FirstFailure(document.RootElement));
        }
    }

    private static string? FirstFailure(JsonElement json)
    {
        foreach (var run in json.GetProperty("runs").EnumerateArray())
        {
            try
            {
                var (topology, context) = Interpreter.Build(json);
                var failure = NamesCheck.Compare(json, topology) ?? new CaseRun(json, run, topology, context).Execute();
                if (failure is not null)
                {
                    return $"run {run.GetProperty("seed")}, {failure}";
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return $"run {run.GetProperty("seed")}, {e.OnOneLine()}";
            }
        }

        return null;
    }
}
