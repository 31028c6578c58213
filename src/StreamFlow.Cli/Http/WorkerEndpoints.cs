using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamFlow.Core.Errors;
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
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void Map(IEndpointRouteBuilder routes, StreamsApplication application, Topology topology, MetricsPage metrics)
    {
        routes.MapGet("/health", () => Health(application));
        routes.MapGet("/metrics", () => Results.Text(metrics.Write(), MetricsPage.ContentType));
        routes.MapGet("/tasks", () => Results.Json(application.Tasks.Select(Describe), Json));
        routes.MapGet("/stores", () => Results.Json(topology.Stores.Select(s => new { name = s.Name, kind = s.Kind.ToString() }), Json));
        routes.MapGet("/stores/{name}", (string name, int? limit, CancellationToken cancellation) =>
            QueryAsync(application, topology, name, null, limit ?? DefaultLimit, cancellation));
        routes.MapGet("/stores/{name}/{key}", (string name, string key, CancellationToken cancellation) =>
            QueryAsync(application, topology, name, key, DefaultLimit, cancellation));
    }

    private static IResult Health(StreamsApplication application)
    {
        var state = application.State;
        return Results.Json(
            new
            {
                applicationId = application.Options.ApplicationId,
                state = state.ToString(),
                error = application.Failure?.Message,
                tasks = application.Tasks.Count,
                processed = application.ProcessedRecords,
                restored = application.RestoredRecords,
            },
            Json,
            statusCode: state == ApplicationState.Running ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static object Describe(TaskProgress task) => new
    {
        id = task.Id.ToString(),
        state = task.IsRunning ? "running" : "restoring",
        stores = task.Stores,
        inputs = task.Inputs.Select(i => new { partition = i.Partition.ToString(), next = i.Next, end = i.End, lag = i.Lag }),
    };

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
