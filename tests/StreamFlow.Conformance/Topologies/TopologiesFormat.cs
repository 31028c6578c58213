using System.Text.Json;
using StreamFlow.Cli.Bench.Streams;
using StreamFlow.Client;
using StreamFlow.Embedded;

namespace StreamFlow.Conformance.Topologies;

/// <summary>Checksums of what the topologies of <c>bench streams</c> make of generated events, run on a cluster in memory.</summary>
internal sealed class TopologiesFormat : IVectorFormat
{
    private const int Threads = 2;
    private const int CommitMs = 100;
    private const long CacheBytes = 10 << 20;

    public string Name => "streams-topologies";

    public bool Recognizes(string file, JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("inputs", out _) && content.TryGetProperty("partitions", out _)
        && content.TryGetProperty("cases", out var cases) && cases.EnumerateArray().All(c => c.TryGetProperty("topology", out _));

    public async Task RunAsync(IReadOnlyList<string> files, Tally tally)
    {
        foreach (var file in files)
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            await RunAsync(document.RootElement, tally);
        }
    }

    private async Task RunAsync(JsonElement json, Tally tally)
    {
        var state = Directory.CreateTempSubdirectory("streamflow-topologies-").FullName;
        await using var cluster = await Cluster.OpenAsync("memory:");
        try
        {
            foreach (var input in json.GetProperty("inputs").EnumerateObject())
            {
                var plan = new EventPlan(
                    json.GetProperty("events").GetInt64(),
                    json.GetProperty("seed").GetInt64(),
                    input.Value.GetProperty("rate").GetInt64(),
                    input.Value.GetProperty("kind").GetString()!,
                    input.Value.GetProperty("key").GetString()!,
                    json.GetProperty("partitions").GetInt32());
                await EventLoader.LoadAsync(cluster, input.Name, plan, CancellationToken.None);
            }

            foreach (var test in json.GetProperty("cases").EnumerateArray())
            {
                tally.Add(Name, test.GetProperty("topology").GetString()!, await FailureAsync(cluster, test, state));
            }
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private static async Task<string?> FailureAsync(ICluster cluster, JsonElement test, string state)
    {
        try
        {
            var name = test.GetProperty("topology").GetString()!;
            var inputs = test.GetProperty("inputs").EnumerateArray().Select(i => i.GetString()!).ToList();
            var setup = new ApplicationSetup(
                name + "-out", name, inputs[0], inputs.ElementAtOrDefault(1), name + "-out", state, Threads, CacheBytes, CommitMs,
                ExactlyOnce: name == "eos-count");
            await TopologyRun.MeasureAsync(setup, test.GetProperty("inputRecords").GetInt64(), cluster, null, CancellationToken.None);
            var sum = await TopicChecksum.ReadAsync(cluster, setup.Output, test.GetProperty("mode").GetString()!, CancellationToken.None);
            return sum.Sha256 == test.GetProperty("sha256").GetString()
                ? null
                : $"expected {test.GetProperty("lines")} lines with sha256 {test.GetProperty("sha256")}, was {sum.Lines} with {sum.Sha256}";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.OnOneLine();
        }
    }
}
