using System.Collections.Concurrent;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Configuration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Memory;

namespace StreamFlow.Client;

/// <inheritdoc cref="ICluster"/>
internal sealed class ClusterClient : ICluster
{
    private readonly ClientContext _context;
    private readonly Random _random;
    private readonly MetadataCache _metadata;
    private readonly AdminClient _admin;
    private readonly ConcurrentDictionary<IAsyncDisposable, bool> _clients = new();
    private int _isDisposed;

    public ClusterClient(ClientContext context, Random random)
    {
        _context = context;
        _random = random;
        _metadata = new MetadataCache(context);
        _admin = new AdminClient(context, _metadata);
    }

    public TimeProvider Clock => _context.Clock;

    public MemoryBudget Memory => _context.Options.Memory;

    public IAdmin Admin => _admin;

    public IProducer CreateProducer(ProducerOptions options)
    {
        CheckOpen();
        OptionsBinder.ThrowIfAny(options.Validate(), "producer");
        return Add(new Producer(_context, _metadata, options, _random, p => _clients.TryRemove(p, out _)));
    }

    public IConsumer CreateConsumer(ConsumerOptions options)
    {
        CheckOpen();
        OptionsBinder.ThrowIfAny(options.Validate(), "consumer");
        return Add(new Consumer(_context, _metadata, options, c => _clients.TryRemove(c, out _)));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        foreach (var client in _clients.Keys)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }

        await _admin.DisposeAsync().ConfigureAwait(false);
        await _metadata.DisposeAsync().ConfigureAwait(false);
        await _context.Transport.DisposeAsync().ConfigureAwait(false);
    }

    private T Add<T>(T client)
        where T : IAsyncDisposable
    {
        _clients.TryAdd(client, true);
        return client;
    }

    private void CheckOpen() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
}
