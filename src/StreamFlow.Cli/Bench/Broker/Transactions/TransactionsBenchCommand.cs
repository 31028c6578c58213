using System.CommandLine;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Broker.Transactions;

/// <summary><c>bench broker transactions</c>: transactions a second.</summary>
internal static class TransactionsBenchCommand
{
    private static readonly Option<int> Records = new("--records") { Description = "Records of each.", DefaultValueFactory = _ => 10 };
    private static readonly Option<int> Size = new("--size") { Description = "Bytes of each value.", DefaultValueFactory = _ => 100 };
    private static readonly Option<int> Producers = new("--producers")
    {
        Description = "Producers at the same time.", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Partitions = new("--partitions")
    {
        Description = "Partitions that the records of each go to.", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long a run takes.", DefaultValueFactory = _ => 8 };

    public static Command Create()
    {
        var command = new Command("transactions", "Transactions a second, each producer's one after another.")
        {
            Records, Size, Producers, Partitions, Seconds, BrokerDuel.Against, PeerOptions.Quads,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var load = new TransactionLoad(
                parsed.GetValue(Records), parsed.GetValue(Size), parsed.GetValue(Producers), parsed.GetValue(Partitions),
                parsed.GetValue(Seconds));
            var result = new OrderedDictionary<string, object>
            {
                ["bench"] = "broker.transactions", ["records"] = load.Records, ["size"] = load.Size, ["producers"] = load.Producers,
                ["partitions"] = load.Partitions,
            };
            var duel = new BrokerDuel(
                parsed.GetValue(BrokerDuel.Against), parsed.GetValue(PeerOptions.Quads),
                ["transactionsPerSecond", "cpuMicrosPerTransaction", "p50", "p99"], BrokerBenchCommand.SettingsOf(parsed));
            await duel.RunAsync(broker => new TransactionRuns(broker, load), result, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
