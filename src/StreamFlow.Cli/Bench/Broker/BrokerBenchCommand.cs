using System.CommandLine;
using StreamFlow.Cli.Bench.Broker.Groups;
using StreamFlow.Cli.Bench.Broker.Memory;
using StreamFlow.Cli.Bench.Broker.Startup;
using StreamFlow.Cli.Bench.Broker.Transactions;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary><c>bench broker ...</c>: what things cost a broker, ours and Kafka's in turn.</summary>
internal static class BrokerBenchCommand
{
    public static Command Create() => new(
        "broker", "What things cost a broker. Example: bench broker produce --against kafka --quads 3")
    {
        Load(
            "produce", "Broker CPU per record written by our client, as fast as it goes.", LoadOptions.ProduceOf, LoadOptions.Records,
            LoadOptions.Size, LoadOptions.Partitions, LoadOptions.BatchSize, LoadOptions.AcksWanted, LoadOptions.Warmup),
        Load(
            "fetch", "Broker CPU per GB read by our client.", LoadOptions.FetchOf, LoadOptions.Records, LoadOptions.Size,
            LoadOptions.Partitions, LoadOptions.BatchSize, LoadOptions.AcksWanted, LoadOptions.Warmup, LoadOptions.From,
            LoadOptions.Consumers, LoadOptions.Rate),
        TransactionsBenchCommand.Create(),
        StartupBenchCommand.Create(),
        GroupBenchCommand.Create(),
        MemoryBenchCommand.Create(),
    };

    /// <summary><c>key=value</c> that the command line has for the brokers.</summary>
    public static IReadOnlyList<string> SettingsOf(ParseResult parsed) =>
        [.. GlobalOptions.PropertiesOf(parsed).Select(p => $"{p.Key}={p.Value}")];

    private static Command Load(string name, string description, Func<ParseResult, BrokerLoad> loadOf, params Option[] options)
    {
        var command = new Command(name, description) { BrokerDuel.Against, PeerOptions.Quads };
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.Runs(async (parsed, cancellation) =>
        {
            var load = loadOf(parsed);
            var result = new OrderedDictionary<string, object>
            {
                ["bench"] = load.Name, ["records"] = load.Records, ["size"] = load.Size, ["partitions"] = load.Partitions,
                ["batchSize"] = load.BatchSize, ["acks"] = load.Acks.ToString(), ["load"] = load.Kind.ToString(),
                ["consumers"] = load.Consumers,
            };
            var duel = new BrokerDuel(
                parsed.GetValue(BrokerDuel.Against), parsed.GetValue(PeerOptions.Quads), ["cpuMicrosPerRecord"], SettingsOf(parsed));
            await duel.RunAsync(broker => new BrokerRuns(broker, load), result, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
