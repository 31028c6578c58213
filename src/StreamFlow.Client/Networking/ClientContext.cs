using StreamFlow.Client.Metadata;
using StreamFlow.Client.Transport;

namespace StreamFlow.Client.Networking;

/// <summary>What all clients of a cluster share.</summary>
internal sealed class ClientContext(
    ITransport transport, IReadOnlyList<BrokerEndpoint> bootstrap, ClusterOptions options, TimeProvider clock, Random random)
{
    public ITransport Transport { get; } = transport;

    public IReadOnlyList<BrokerEndpoint> Bootstrap { get; } = bootstrap;

    public ClusterOptions Options { get; } = options;

    public TimeProvider Clock { get; } = clock;

    public Backoff Backoff { get; } = new(options.RetryBackoff, options.RetryBackoffMax, clock, random);

    /// <summary>ms since 1970.</summary>
    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
