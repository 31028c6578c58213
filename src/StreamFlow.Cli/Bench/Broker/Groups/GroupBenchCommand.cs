using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Bench.Peers;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Broker.Groups;

/// <summary><c>bench broker group</c>: how long a group takes to be stable, and to be again when its members are replaced.</summary>
internal static class GroupBenchCommand
{
    private static readonly Option<int> Members = new("--members")
    {
        Description = "Members, on a connection each.", DefaultValueFactory = _ => 500,
    };

    private static readonly Option<int> Steps = new("--steps")
    {
        Description = "In how many steps all members are replaced.", DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> Heartbeat = new("--heartbeat-ms")
    {
        Description = "How often a member sends a heartbeat, by which it learns of a rebalance.", DefaultValueFactory = _ => 200,
    };

    private static readonly Option<int> Delay = new("--delay-ms")
    {
        Description = "group.initial.rebalance.delay.ms of both brokers; 3000 is the default of both.", DefaultValueFactory = _ => 0,
    };

    private static readonly Option<string> Protocol = new("--protocol")
    {
        Description = "classic, or consumer (KIP-848).", DefaultValueFactory = _ => "classic",
    };

    public static Command Create()
    {
        var command = new Command("group", "How long a group takes to be stable, and again when its members are replaced.")
        {
            Members, Steps, Heartbeat, Delay, Protocol, BrokerDuel.Against, PeerOptions.Quads,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var protocol = parsed.GetValue(Protocol);
            if (protocol is not ("classic" or "consumer"))
            {
                throw new UsageException($"--protocol {protocol}: it is classic or consumer");
            }

            var load = new GroupLoad(
                parsed.GetValue(Members), parsed.GetValue(Steps), TimeSpan.FromMilliseconds(parsed.GetValue(Heartbeat)),
                    protocol == "consumer");
            var delay = parsed.GetValue(Delay);
            var result = new OrderedDictionary<string, object>
            {
                ["bench"] = "broker.group", ["protocol"] = protocol, ["members"] = load.Members, ["steps"] = load.Steps,
                ["heartbeatMs"] = load.Heartbeat.TotalMilliseconds, ["delayMs"] = delay,
            };
            string[] settings =
            [
                string.Create(CultureInfo.InvariantCulture, $"group.initial.rebalance.delay.ms={delay}"),
                .. BrokerBenchCommand.SettingsOf(parsed),
            ];
            var duel = new BrokerDuel(
                parsed.GetValue(BrokerDuel.Against), parsed.GetValue(PeerOptions.Quads), ["stableMs", "restartMs", "cpuSeconds"], settings);
            await duel.RunAsync(broker => new GroupRuns(broker, load), result, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
