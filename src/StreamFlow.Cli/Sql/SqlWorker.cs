using System.CommandLine;
using System.Collections.Concurrent;
using StreamFlow.Cli.Http;
using StreamFlow.Cli.Shell;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Sql;

/// <summary>
/// A worker of a SQL file: compiles its statements and runs its persistent queries, sharing each with all workers of the same id. The order
/// of the statements gives queries their ids, and with the application id their groups and topics: the same in every process.
/// </summary>
internal static class SqlWorker
{
    public static async Task<int> RunAsync(
        ParseResult parsed, FileInfo file, string applicationId, int threads, string state, string? http, CancellationToken cancellation)
    {
        if (!file.Exists)
        {
            throw new UsageException($"--sql {file}: there is no such file");
        }

        var script = await File.ReadAllTextAsync(file.FullName, cancellation);
        await using var opened = await OpenedEngine.OpenForWorkerAsync(parsed, applicationId, threads, state, cancellation);
        var applications = new ConcurrentDictionary<string, (SqlTopology Query, StreamsApplication Application)>(StringComparer.Ordinal);
        opened.Runtime.Starting += (query, application) =>
        {
            applications[query.QueryId] = (query, application);
            WorkerLog.Follow(application);
        };
        try
        {
            await opened.Engine.ExecuteBatchAsync(script, new SqlSession(), cancellation);
        }
        catch (SqlException e)
        {
            await Console.Error.WriteLineAsync(string.Join(
                Environment.NewLine, e.Diagnostics.Select(d => $"streamflow: {file}:{d}")));
            return ExitCodes.Failed;
        }

        if (applications.IsEmpty)
        {
            throw new UsageException($"--sql {file}: it has no query to run (CREATE ... AS SELECT, or INSERT INTO ... SELECT)");
        }

        using var metrics = new MetricsPage();
        await using var server = http is null
            ? null
            : await HttpServer.StartAsync(http, routes => WorkerEndpoints.MapQueries(routes, applications, metrics));
        if (server is not null)
        {
            await Console.Out.WriteLineAsync($"http on {server.Address}");
        }

        await RunUntilStoppedAsync([.. applications.Values.Select(a => a.Application)], cancellation);
        return ExitCodes.Done;
    }

    private static async Task RunUntilStoppedAsync(List<StreamsApplication> applications, CancellationToken cancellation)
    {
        var stopped = cancellation.WhenCancelledAsync();
        var failed = Task.WhenAny(applications.Select(a => a.Completion));
        var running = Task.WhenAll(applications.Select(a => a.WaitUntilRunningAsync(cancellation)));
        if (await Task.WhenAny(running, stopped, failed) == running && !cancellation.IsCancellationRequested)
        {
            await running;
            await Console.Out.WriteLineAsync("running");
            await Task.WhenAny(stopped, failed);
        }

        foreach (var application in applications)
        {
            await application.StopAsync(CancellationToken.None);
        }
    }
}
