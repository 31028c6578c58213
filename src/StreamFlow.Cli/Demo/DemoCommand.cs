using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Embedded;
using StreamFlow.Sql.Execution;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Demo;

/// <summary>
/// <c>demo</c>: the first minute. An embedded cluster, real data, a topology in C#, SQL over its result, and a summary that is
/// checked against a plain recomputation.
/// </summary>
internal static class DemoCommand
{
    private const string ApplicationId = "flight-delays";
    private const string QueryPrefix = "sql-";
    private const string LateTopic = "LATE_AIRPORTS";

    private const string Statements = """
        SET 'auto.offset.reset' = 'earliest';
        CREATE STREAM departures (origin VARCHAR KEY, city VARCHAR, state VARCHAR, destination VARCHAR, delay INT)
          WITH (KAFKA_TOPIC = 'flights-located', VALUE_FORMAT = 'JSON');
        CREATE TABLE late_airports AS
          SELECT origin, LATEST_BY_OFFSET(city) AS city, COUNT(*) AS flights, AVG(CAST(delay AS DOUBLE)) AS mean_delay
          FROM departures GROUP BY origin EMIT CHANGES;
        """;

    public static Command Create()
    {
        var keep = new Option<bool>("--keep") { Description = "Leaves it running until interrupted." };
        var command = new Command(
            "demo", "The first minute: real events through a topology and SQL, checked at the end. Example: streamflow demo")
        {
            keep,
        };
        command.Runs((parsed, cancellation) => RunAsync(parsed.GetValue(keep), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool keep, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var directory = Path.GetFullPath(Path.Combine("streamflow-data", "demo"));
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        var data = await DemoData.LoadAsync(cancellation);
        await using var cluster = await Cluster.OpenAsync($"embedded:{Path.Combine(directory, "broker")}");
        await data.WriteAsync(cluster, cancellation);
        await Console.Out.WriteLineAsync(
            $"An embedded cluster in {directory}: {data.Flights.Count} flights and {data.Airports.Count} airports are in its topics.");

        var options = new StreamsOptions
        {
            ApplicationId = ApplicationId,
            StateDirectory = Path.Combine(directory, "state"),
            CommitInterval = TimeSpan.FromMilliseconds(200),
        };
        await using var application = new StreamsApplication(DemoTopology.Build(), options, cluster);
        await application.StartAsync(cancellation);
        await using var runtime = new ClusterSqlRuntime(cluster, options with { ApplicationId = QueryPrefix });
        await using var engine = new SqlEngine(runtime);
        var query = await RunSqlAsync(engine, cancellation);

        await using var results = await DemoResults.FollowAsync(cluster, LateTopic, cancellation);
        var progress = new DemoProgress(cluster, data.Flights.Count);
        await progress.FollowAsync(results, [ApplicationId, QueryPrefix + query], cancellation);
        var ok = DemoReport.Print(data, results, TimeProvider.System.GetElapsedTime(started), directory, options);
        if (keep)
        {
            await Console.Out.WriteLineAsync("Running until you press Ctrl-C.");
            await cancellation.WhenCancelledAsync();
        }

        return ok ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<string> RunSqlAsync(SqlEngine engine, CancellationToken cancellation)
    {
        var query = "";
        await foreach (var result in engine.ExecuteAsync(Statements, new SqlSession(), cancellation))
        {
            query = (result as SqlDone)?.QueryId ?? query;
        }

        return query;
    }
}
