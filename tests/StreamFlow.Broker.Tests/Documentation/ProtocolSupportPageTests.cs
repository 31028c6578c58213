using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Tests.Documentation;

/// <summary><c>docs/protocol-support.md</c>: every API that the broker serves, beside Kafka's.</summary>
public sealed class ProtocolSupportPageTests
{
    private const string Older = "older versions are served as well";
    private const string OneNode = "answered as a cluster of one broker";

    private static readonly Dictionary<ApiKey, string> Notes = new()
    {
        [ApiKey.Produce] = "versions 0 to 2 are named and refused, as Kafka does; every record is checked",
        [ApiKey.Fetch] = "sessions (KIP-227) by name and by id; a fetch that calls itself a replica gets NOT_LEADER_OR_FOLLOWER",
        [ApiKey.ListOffsets] = $"{Older}; without tiers -5 and -6 find nothing",
        [ApiKey.CreateTopics] = $"{Older}; one replica; `segment.bytes` may be below 1 MiB",
        [ApiKey.DescribeConfigs] = $"{Older}; topic, broker and client-metrics resources; levels of loggers are not shown",
        [ApiKey.IncrementalAlterConfigs] = "of the broker's settings only the defaults of topics and the stores of TLS listeners; an unknown setting is refused",
        [ApiKey.AlterConfigs] = "of the broker's settings only the defaults of topics",
        [ApiKey.AlterReplicaLogDirs] = $"{Older}; there is one directory",
        [ApiKey.ElectLeaders] = OneNode,
        [ApiKey.AlterPartitionReassignments] = OneNode,
        [ApiKey.ListPartitionReassignments] = OneNode,
        [ApiKey.DescribeQuorum] = OneNode,
        [ApiKey.UnregisterBroker] = $"{OneNode}, which cannot be forgotten",
        [ApiKey.AddRaftVoter] = $"{OneNode}: UNSUPPORTED_VERSION",
        [ApiKey.RemoveRaftVoter] = $"{OneNode}: UNSUPPORTED_VERSION",
        [ApiKey.UpdateFeatures] = "levels are fixed by the broker's version: INVALID_UPDATE_VERSION",
        [ApiKey.GetTelemetrySubscriptions] = "Kafka names it only with a metrics plug-in; always served here",
        [ApiKey.PushTelemetry] = "shown as gauges of the meter `StreamFlow.Broker.Clients`",
    };

    [Fact]
    public async Task Page_says_what_the_broker_serves()
    {
        await using var broker = await BrokerServer.StartAsync(new BrokerOptions { DataDirectory = BrokerOptions.Memory });
        var served = broker.Apis.ToDictionary(a => a.Key);
        var page = new StringBuilder("""
            # Protocol support

            Written from the code; a test fails when it is stale. "Served" is what the broker names in its ApiVersions answer, "Kafka" what
            Apache Kafka 4.3.1 names. What is not served is not named, and clients do without it. `tests/StreamFlow.Interop.Tests/Differential` sends
            the same requests, most of them wrong, to both brokers and compares the answers; what differs on purpose stands in `KnownDifferences.cs`.

            | key | API | served | Kafka | differs |
            | --- | --- | --- | --- | --- |

            """);
        foreach (var key in served.Keys.Union(KafkaVersions.Kafka43.Keys).Order())
        {
            var ours = served.TryGetValue(key, out var range) ? Text((range.LowestOffered, range.HighestOffered)) : "";
            var theirs = KafkaVersions.Kafka43.TryGetValue(key, out var kafka) ? Text(kafka) : "";
            page.Append(CultureInfo.InvariantCulture, $"| {(short)key} | {key} | {ours} | {theirs} | {Difference(key, ours, theirs, range, kafka)} |\n");
        }

        Verify("protocol-support.md", page.ToString());
    }

    private static string Difference(ApiKey key, string ours, string theirs, in ApiVersionRange range, (short Lowest, short Highest) kafka)
    {
        if (Notes.TryGetValue(key, out var note))
        {
            return note;
        }

        return (ours, theirs) switch
        {
            ("", _) => "not served",
            (_, "") => "",
            _ when range.HighestOffered < kafka.Highest => $"version {kafka.Highest} is missing",
            _ when range.LowestOffered < kafka.Lowest => Older,
            _ => "",
        };
    }

    private static string Text((short Lowest, short Highest) range) =>
        range.Lowest == range.Highest ? $"{range.Lowest}" : $"{range.Lowest}-{range.Highest}";

    private static void Verify(string page, string text, [CallerFilePath] string source = "")
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", "docs", page));
        if (Environment.GetEnvironmentVariable("STREAMFLOW_ACCEPT_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, text);
            return;
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == text,
            $"docs/{page} is not what the code says; rewrite it: STREAMFLOW_ACCEPT_SNAPSHOTS=1 dotnet test tests/StreamFlow.Broker.Tests -c Release");
    }
}
