using System.Text.Json.Nodes;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>Runs of one kind against one broker. Disposing ends its clients, not the broker.</summary>
internal interface IBrokerRuns : IAsyncDisposable
{
    /// <summary>Starts the broker, which has not been started, and lets it see what will be asked of it.</summary>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>One measured run.</summary>
    /// <returns>Its figures, the compared ones among them.</returns>
    Task<JsonObject> RunAsync(CancellationToken cancellation);
}
