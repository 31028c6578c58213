using System.Text.Json;

namespace StreamFlow.Conformance.Streams;

/// <summary>The vectors of the streams DSL (<c>streams/FORMAT.md</c>): topologies as data, inputs and recorded outputs.</summary>
/// <param name="restarts">
/// Whether tasks are lost now and then and go on elsewhere with the state from their changelogs, without a difference in what comes out.
/// </param>
internal sealed class StreamsFormat(bool restarts = false) : IVectorFormat
{
    // What these keep in memory alone, or schedule by the time at which they start.
    private static readonly string[] Forgetful = ["tick", "count-punctuate", "ttl"];

    public string Name => restarts ? "streams-restarts" : "streams";

    public bool Recognizes(string file, JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("topology", out _) && content.TryGetProperty("runs", out _);

    public async Task RunAsync(IReadOnlyList<string> files, Tally tally)
    {
        foreach (var file in files)
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            var name = document.RootElement.GetProperty("name").GetString()!;
            if (restarts && IsForgetful(document.RootElement))
            {
                continue;
            }

            tally.Add($"{Name} {name.Split('/')[0]}", name, FirstFailure(document.RootElement));
        }
    }

    /// <summary>
    /// Whether a restart shows: by processors that forget, by looks at the clock that begin anew, by what Kafka Streams keeps in memory alone
    /// for its quirks.
    /// </summary>
    private static bool IsForgetful(JsonElement json) => json.GetProperty("config").TryGetProperty("emitInterval", out _)
        || json.GetProperty("quirks").EnumerateArray().Any(q => q.GetString() is "unmatched-before-grace" or "default-retention")
        || json.GetProperty("topology").EnumerateArray().Any(op => op.Text("processor") is { } word && Forgetful.Contains(word));

    private string? FirstFailure(JsonElement json)
    {
        foreach (var run in json.GetProperty("runs").EnumerateArray())
        {
            try
            {
                var (topology, context) = Interpreter.Build(json);
                var failure = NamesCheck.Compare(json, topology) ?? new CaseRun(json, run, topology, context, restarts).Execute();
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
