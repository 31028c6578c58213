using System.Text.Json.Nodes;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Kafka Streams itself, from the peers' kit, with our broker under it.</summary>
[Trait("Category", "Interop")]
public sealed class KafkaStreamsTests
{
    private const string Partitions = "2";

    [FactOnKafkaStreams]
    public async Task An_exactly_once_application_counts_on_our_broker_as_ours_does()
    {
        await using var broker = await InteropBroker.StartAsync(1);
        var bids = (await TheirsAsync(
            broker, "load", "--topic", "bids", "--events", "20000", "--seed", "7", "--rate", "1000", "--kind", "bids",
            "--partitions", Partitions))["records"]!.ToString();

        await TheirsAsync(broker, [.. Run("theirs", bids), "--eos"]);
        await OursAsync(broker, Run("ours", bids));

        var theirs = await TheirsAsync(broker, "verify", "--topic", "theirs");
        var ours = await TheirsAsync(broker, "verify", "--topic", "ours");
        Assert.Equal(ours["lines"]!.ToString(), theirs["lines"]!.ToString());
        Assert.Equal(ours["sha256"]!.ToString(), theirs["sha256"]!.ToString());
    }

    private static string[] Run(string output, string records) =>
    [
        "run", "--topology", "count", "--input", "bids", "--output", output, "--expect-input", records,
        "--state", Directory.CreateTempSubdirectory("streamflow-interop-state-").FullName,
    ];

    private static async Task<JsonNode> TheirsAsync(InteropBroker broker, params string[] arguments) => LastLine(
        await ChildProcess.RunAsync(FactOnKafkaStreamsAttribute.Program!, [arguments[0], "--bootstrap", broker.Address, .. arguments[1..]]));

    private static async Task OursAsync(InteropBroker broker, string[] arguments) => LastLine(
        await ChildProcess.RunStreamFlowAsync(["bench", "streams", arguments[0], "--bootstrap", broker.Address, .. arguments[1..]]));

    private static JsonNode LastLine(ChildProcess run)
    {
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return JsonNode.Parse(run.Lines.Last())!;
    }
}

/// <summary>A fact that is skipped, visibly, without the kit of Kafka Streams or Java.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactOnKafkaStreamsAttribute : FactAttribute
{
    public FactOnKafkaStreamsAttribute() =>
        Skip = KafkaNode.WhyMissing ?? (Program is null ? "the kit of Kafka Streams (../shared/peers) is not there" : null);

    public static string? Program { get; } = Find();

    private static string? Find()
    {
        var path = Places.Kafka is { } kafka
            ? Path.Combine(Path.GetDirectoryName(kafka)!, "..", "peers", "kafka-streams")
            : null;
        return File.Exists(path) ? path : null;
    }
}
