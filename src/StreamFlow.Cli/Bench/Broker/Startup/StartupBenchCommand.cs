using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Broker.Startup;

/// <summary><c>bench broker startup</c>: from the start of the process to the first request answered.</summary>
internal static class StartupBenchCommand
{
    private static readonly Option<int> Partitions = new("--partitions")
    {
        Description = "Empty partitions that the broker has.", DefaultValueFactory = _ => 0,
    };

    private static readonly Option<string> LogSize = new("--log-size")
    {
        Description = "Start after kill -9 with so many bytes of log, such as 512m or 10g.", DefaultValueFactory = _ => "0",
    };

    public static Command Create()
    {
        var command = new Command("startup", "From the start of the broker's process to the first request answered.")
        {
            Partitions, LogSize, BrokerDuel.Against, PeerOptions.Quads,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var load = new StartupLoad(parsed.GetValue(Partitions), BytesOf(parsed.GetValue(LogSize)!));
            var result = new OrderedDictionary<string, object>
            {
                ["bench"] = "broker.startup", ["partitions"] = load.Partitions, ["logBytes"] = load.LogBytes,
            };
            var duel = new BrokerDuel(
                parsed.GetValue(BrokerDuel.Against), parsed.GetValue(PeerOptions.Quads), ["firstAnswerMs", "cpuSeconds"],
                BrokerBenchCommand.SettingsOf(parsed));
            await duel.RunAsync(broker => new StartupRuns(broker, load), result, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static long BytesOf(string text)
    {
        var (digits, shift) = text.Length == 0 ? ("", 0) : char.ToLowerInvariant(text[^1]) switch
        {
            'k' => (text[..^1], 10),
            'm' => (text[..^1], 20),
            'g' => (text[..^1], 30),
            _ => (text, 0),
        };
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number << shift
            : throw new UsageException($"--log-size {text}: a number of bytes, or one with k, m or g behind it");
    }
}
