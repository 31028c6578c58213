using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Memory;
using StreamFlow.Embedded;

namespace StreamFlow.Hosting;

/// <summary>
/// The cluster that the container hands out: opening one may start a broker and is asynchronous, which constructors are not. The host's
/// service opens it first of all and closes it last of all; disposing it twice does nothing.
/// </summary>
internal sealed class HostedCluster(StreamFlowHostOptions options) : ICluster
{
    private ICluster? _opened;

    public TimeProvider Clock => Opened.Clock;

    public MemoryBudget Memory => Opened.Memory;

    public IAdmin Admin => Opened.Admin;

    private ICluster Opened => _opened ?? throw new InvalidOperationException(
        $"The cluster '{options.Cluster}' is open from the start of the host to its end: use it in hosted services or request handlers.");

    public async Task OpenAsync() =>
        _opened = await Cluster.OpenAsync(options.Cluster, options.Clients, options.Broker).ConfigureAwait(false);

    public IProducer CreateProducer(ProducerOptions options) => Opened.CreateProducer(options);

    public IConsumer CreateConsumer(ConsumerOptions options) => Opened.CreateConsumer(options);

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _opened, null)?.DisposeAsync() ?? ValueTask.CompletedTask;
}
