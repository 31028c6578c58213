using System.Collections.Concurrent;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;

namespace StreamFlow.Client.Networking;

/// <summary>The connections of one client: at most one per broker and lane. Thread safe.</summary>
internal sealed class ChannelSet(ClientContext context) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(BrokerEndpoint Endpoint, Lane Lane), BrokerChannel> _channels = new();
    private bool _isDisposed;
    private int _turn;

    public BrokerChannel Get(BrokerEndpoint endpoint, Lane lane)
    {
        if (Volatile.Read(ref _isDisposed))
        {
            throw new BrokerException(ErrorCode.NetworkException, $"connection to {endpoint}", "the client was closed");
        }

        return _channels.GetOrAdd(
            (endpoint, lane),
            static (key, c) => new BrokerChannel(c.Transport, key.Endpoint.Host, key.Endpoint.Port, c.Options.RequestTimeout),
            context);
    }

    /// <summary>The way to a broker of the snapshot.</summary>
    /// <exception cref="BrokerException">The broker is not known (any more): refresh metadata and try again.</exception>
    public BrokerChannel Get(ClusterSnapshot cluster, int brokerId, Lane lane) =>
        cluster.Brokers.TryGetValue(brokerId, out var broker)
            ? Get(EndpointOf(broker), lane)
            : throw new BrokerException(ErrorCode.LeaderNotAvailable, $"find broker {brokerId}", "metadata does not list it");

    /// <summary>Sends to any broker that answers: those of the snapshot in turn, then the bootstrap ones.</summary>
    public async Task<TResponse> SendToAnyAsync<TResponse>(
        ClusterSnapshot cluster, IRequest<TResponse> request, CancellationToken cancellationToken, short limit = short.MaxValue)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        var known = cluster.Brokers.Values.Select(EndpointOf).ToList();
        var first = known.Count == 0 ? 0 : (int)((uint)Interlocked.Increment(ref _turn) % known.Count);
        var candidates = known.Skip(first).Concat(known.Take(first)).Concat(context.Bootstrap).Distinct().ToList();
        for (var i = 0; ; i++)
        {
            try
            {
                return (await Get(candidates[i], Lane.General).SendAsync(request, cancellationToken, limit).ConfigureAwait(false)).Message;
            }
            catch (BrokerException e) when (e.ErrorCode is ErrorCode.NetworkException or ErrorCode.RequestTimedOut
                && i + 1 < candidates.Count)
            {
                // This broker does not answer; the next one may.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, true);
        foreach (var channel in _channels.Values)
        {
            await channel.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static BrokerEndpoint EndpointOf(BrokerDescription broker) => new(broker.Host, broker.Port);
}
