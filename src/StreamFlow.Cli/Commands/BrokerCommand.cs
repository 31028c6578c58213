using System.CommandLine;
using StreamFlow.Broker;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Commands;

/// <summary><c>broker --data DIR</c>: the broker as a server.</summary>
internal static class BrokerCommand
{
    public static Command Create()
    {
        var data = new Option<string>(
            "--data") { Description = "The data directory; made when it does not exist.", HelpName = "DIR", Required = true };
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen; port 0 takes a free one.", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:9092",
        };
        var command = new Command(
            "broker", "Runs a broker that any Kafka client can use. Example: streamflow broker --data ./data --listen 127.0.0.1:9092")
        {
            data, listen,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var defaults = new BrokerOptions
            {
                DataDirectory = Path.GetFullPath(parsed.GetRequiredValue(data)),
                Listeners = [parsed.GetRequiredValue(listen)],
            };
            var options = BrokerOptions.FromProperties(GlobalOptions.PropertiesOf(parsed), defaults);
            using var loggers = ConsoleLogging.Create(parsed);
            await using var broker = await BrokerServer.StartAsync(options, new BrokerEnvironment { Loggers = loggers });
            foreach (var endPoint in broker.EndPoints)
            {
                await Console.Out.WriteLineAsync($"listening on {endPoint}");
            }

            await cancellation.WhenCancelledAsync();
            return ExitCodes.Done;
        });
        return command;
    }
}
