using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Execution;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Cli.Http;

/// <summary>
/// What a worker answers over HTTP: <c>/health</c>, <c>/metrics</c>, <c>/tasks</c>, <c>/stores</c>, <c>/stores/NAME[?limit=N]</c> and
/// <c>/stores/NAME/KEY</c>. Stores are read on the threads that own them; each worker has the rows of its own tasks.
/// </summary>
internal static class WorkerEndpoints
{
    private const int DefaultLimit = 1000;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new SqlRowConverter() } };

    public static void Map(IEndpointRouteBuilder routes, StreamsApplication application, Topology topology, MetricsPage metrics)
    {
        routes.MapGet("/health", () => Health(application));
        routes.MapGet("/metrics", () => Results.Text(metrics.Write(), MetricsPage.ContentType));
        routes.MapGet("/tasks", () => Results.Json(
            application.Tasks.Select(Describe).Concat(application.Standbys.Select(Describe)), Json));
        routes.MapGet("/stores", () => Results.Json(topology.Stores.Select(s => new { name = s.Name, kind = s.Kind.ToString() }), Json));
        routes.MapGet("/stores/{name}", (string name, int? limit, CancellationToken cancellation) =>
            QueryAsync(application, topology, name, null, limit ?? DefaultLimit, cancellation));
        routes.MapGet("/stores/{name}/{key}", (string name, string key, CancellationToken cancellation) =>
            QueryAsync(application, topology, name, key, DefaultLimit, cancellation));
    }

    /// <summary>
    /// A worker of several queries: each under its id, <c>/QUERY/tasks</c> and so on, and for all of them <c>/health</c>, by query, and
    /// <c>/metrics</c>.
    /// </summary>
    public static void MapQueries(
        IEndpointRouteBuilder routes, IReadOnlyDictionary<string, (SqlTopology Query, StreamsApplication Application)> queries,
        MetricsPage metrics)
    {
        routes.MapGet("/health", () => Results.Json(
            queries.ToDictionary(q => q.Key, q => DescribeHealth(q.Value.Application)), Json,
            statusCode: StatusOf(queries.Values.All(q => IsHealthy(q.Application)))));
        routes.MapGet("/metrics", () => Results.Text(metrics.Write(), MetricsPage.ContentType));
        foreach (var (id, (query, application)) in queries)
        {
            Map(routes.MapGroup("/" + id), application, query.Topology, metrics);
        }
    }

    private static IResult Health(StreamsApplication application) =>
        Results.Json(DescribeHealth(application), Json, statusCode: StatusOf(IsHealthy(application)));

    private static bool IsHealthy(StreamsApplication application) => application.State == ApplicationState.Running;

    private static int StatusOf(bool isHealthy) => isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    private static object DescribeHealth(StreamsApplication application) => new
    {
        applicationId = application.Options.ApplicationId,
        state = application.State.ToString(),
        error = application.Failure?.Message,
        tasks = application.Tasks.Count,
        processed = application.ProcessedRecords,
        restored = application.RestoredRecords,
    };

    private static object Describe(TaskProgress task) => new
    {
        id = task.Id.ToString(),
        state = task.IsRunning ? "running" : "restoring",
        stores = task.Stores,
        inputs = task.Inputs.Select(Describe),
    };

    private static object Describe(StandbyProgress copy) => new
    {
        id = copy.Id.ToString(),
        state = "standby",
        changelogs = copy.Changelogs.Select(Describe),
    };

    private static object Describe(InputProgress input) =>
        new { partition = input.Partition.ToString(), next = input.Next, end = input.End, lag = input.Lag };

    private static async Task<IResult> QueryAsync(
        StreamsApplication application, Topology topology, string store, string? key, int limit, CancellationToken cancellation)
    {
        if (!topology.Stores.Any(s => s.Name == store))
        {
            return Results.Json(new { error = $"no store '{store}'; see /stores" }, Json, statusCode: StatusCodes.Status404NotFound);
        }

        try
        {
            var rows = await StoreRows.ReadAsync(application, store, key, limit, cancellation);
            return key is not null && rows.Count == 0
                ? Results.Json(
                    new { error = $"no row of key '{key}' in this worker's tasks" }, Json, statusCode: StatusCodes.Status404NotFound)
                : Results.Json(rows, Json);
        }
        catch (ConfigurationException e)
        {
            return Results.Json(new { error = e.Message }, Json, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (StreamsException e)
        {
            return Results.Json(new { error = e.Message }, Json, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
