using System.CommandLine;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Shell;
using StreamFlow.Embedded;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary><c>bench streams load</c>: writes the auction workload's events of one kind to a new topic.</summary>
internal static class LoadCommand
{
    private static readonly Option<long> Events = new("--events") { Description = "Events 0 … N-1 are looked at.", Required = true };
    private static readonly Option<long> Seed = new("--seed") { Description = "Seed of all draws.", Required = true };
    private static readonly Option<long> Rate = new("--rate") { Description = "Events per second of event time.", Required = true };
    private static readonly Option<string> Kind = new("--kind") { Description = "bids, auctions, persons or all.", Required = true };
    private static readonly Option<int> Partitions = new("--partitions") { Description = "Partitions of the topic.", Required = true };

    private static readonly Option<string> Key = new("--key")
    {
        Description = "auction, bidder, uniform:K or none.", DefaultValueFactory = _ => "auction",
    };

    public static Command Create()
    {
        var command = new Command("load", "Writes events to a new topic: the same records at the same offsets, always.")
        {
            StreamsBenchOptions.Bootstrap, StreamsBenchOptions.Topic, Events, Seed, Rate, Kind, Partitions, Key,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await Cluster.OpenAsync(StreamsBenchOptions.ClusterOf(parsed));
            var topic = parsed.GetRequiredValue(StreamsBenchOptions.Topic);
            if (await BenchTopics.ExistsAsync(cluster.Admin, topic, cancellation))
            {
                throw new UsageException($"topic {topic} exists already");
            }

            var plan = new EventPlan(
                parsed.GetValue(Events), parsed.GetValue(Seed), parsed.GetValue(Rate), parsed.GetRequiredValue(Kind),
                parsed.GetRequiredValue(Key), parsed.GetValue(Partitions));
            var start = ProcessMeter.Now();
            var (records, bytes) = await EventLoader.LoadAsync(cluster, topic, plan, cancellation);
            JsonLine.Print(new()
            {
                ["topic"] = topic,
                ["kind"] = plan.Kind,
                ["key"] = plan.Key,
                ["partitions"] = plan.Partitions,
                ["events"] = plan.Events,
                ["records"] = records,
                ["valueBytes"] = bytes,
                ["wallSeconds"] = ProcessMeter.Now().SecondsSince(start),
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
