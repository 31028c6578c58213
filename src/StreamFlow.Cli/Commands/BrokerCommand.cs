using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamFlow.Broker;
using StreamFlow.Cli.Http;
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
        var http = new Option<string?>("--http")
        {
            Description = "Serves /health and /metrics there; port 0 takes a free one.", HelpName = "HOST:PORT",
        };
        var command = new Command(
            "broker", "Runs a broker that any Kafka client can use. Example: streamflow broker --data ./data --listen 127.0.0.1:9092")
        {
            data, listen, http,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var defaults = new BrokerOptions
            {
                DataDirectory = Path.GetFullPath(parsed.GetRequiredValue(data)),
                Listeners = [parsed.GetRequiredValue(listen)],
            };
            var options = BrokerOptions.FromProperties(GlobalOptions.PropertiesOf(parsed), defaults);
            using var metrics = parsed.GetValue(http) is null ? null : new MetricsPage();
            using var loggers = ConsoleLogging.Create(parsed);
            await using var broker = await BrokerServer.StartAsync(options, new BrokerEnvironment { Loggers = loggers });
            await using var server = metrics is null
                ? null
                : await HttpServer.StartAsync(parsed.GetValue(http)!, routes => Map(routes, metrics));
            foreach (var endPoint in broker.EndPoints)
            {
                await Console.Out.WriteLineAsync($"listening on {endPoint}");
            }

            if (server is not null)
            {
                await Console.Out.WriteLineAsync($"http on {server.Address}");
            }

            await cancellation.WhenCancelledAsync();
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Map(IEndpointRouteBuilder routes, MetricsPage metrics)
    {
        routes.MapGet("/health", () => Results.Text("{\"state\":\"Running\"}", "application/json"));
        routes.MapGet("/metrics", () => Results.Text(metrics.Write(), MetricsPage.ContentType));
    }
}
