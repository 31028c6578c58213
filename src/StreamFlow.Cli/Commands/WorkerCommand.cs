using System.CommandLine;
using StreamFlow.Cli.Http;
using StreamFlow.Cli.Shell;
using StreamFlow.Cli.Sql;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Commands;

/// <summary><c>worker</c>: runs a topology as one of several processes that share its tasks.</summary>
internal static class WorkerCommand
{
    private static readonly Option<string> ApplicationId = new("--application-id")
    {
        Description = "The workers with the same id share the tasks.", HelpName = "ID", Required = true,
    };

    private static readonly Option<string?> TopologyFile = new("--topology")
    {
        Description = "The assembly with the topology, and the type when several make one.", HelpName = "FILE.dll[:TYPE]",
    };

    private static readonly Option<FileInfo?> SqlFile = new("--sql")
    {
        Description = "A file of SQL statements whose persistent queries are run.", HelpName = "FILE",
    };

    private static readonly Option<int> Threads = new(
        "--threads") { Description = "Loops that share this worker's tasks.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> State = new("--state")
    {
        Description = "Where the stores are kept; not shared with another worker.", HelpName = "DIR",
            DefaultValueFactory = _ => "./streamflow-state",
    };

    private static readonly Option<string?> Http = new("--http")
    {
        Description = "Serves /health, /metrics, /tasks and /stores there, with --sql the last two under /QUERY; port 0 takes a free one. "
            + "[default: nothing]",
        HelpName = "HOST:PORT",
    };

    public static Command Create()
    {
        var command = new Command(
            "worker",
            "Runs a topology or the queries of a SQL file, sharing the work with all workers of the same id. Example: streamflow worker "
                + "-c 127.0.0.1:9092 --application-id app --topology app.dll")
        {
            ApplicationId, TopologyFile, SqlFile, Threads, State, Http,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (file, sql) = (parsed.GetValue(TopologyFile), parsed.GetValue(SqlFile));
        if (file is null == sql is null)
        {
            throw new UsageException("a worker runs either --topology FILE.dll[:TYPE] or --sql FILE");
        }

        if (sql is not null)
        {
            return await SqlWorker.RunAsync(
                parsed, sql, parsed.GetRequiredValue(ApplicationId), parsed.GetValue(Threads), parsed.GetRequiredValue(State),
                parsed.GetValue(Http), cancellation);
        }

        var topology = TopologyLoader.Load(file!);
        var options = StreamsOptions.FromProperties(GlobalOptions.ClientPropertiesOf(parsed)
            .Append(new("application.id", parsed.GetRequiredValue(ApplicationId)))) with
        {
            Threads = parsed.GetValue(Threads),
            StateDirectory = Path.GetFullPath(parsed.GetRequiredValue(State)),
        };
        await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        await using var application = new StreamsApplication(topology, options, cluster);
        WorkerLog.Follow(application);
        application.StateChanged += (_, change) =>
        {
            if (change.Current == ApplicationState.Running)
            {
                Console.Out.WriteLine("running");
            }
        };
        using var metrics = new MetricsPage();
        await using var http = parsed.GetValue(Http) is { } address
            ? await HttpServer.StartAsync(address, routes => WorkerEndpoints.Map(routes, application, topology, metrics))
            : null;
        if (http is not null)
        {
            await Console.Out.WriteLineAsync($"http on {http.Address}");
        }

        await application.StartAsync(cancellation);
        await Task.WhenAny(cancellation.WhenCancelledAsync(), application.Completion);
        await application.StopAsync(CancellationToken.None);
        return ExitCodes.Done;
    }
}
