using StreamFlow.Broker.Metadata;

namespace StreamFlow.Broker.Transactions;

/// <summary>Hands out producer ids. Blocks of 1000 are taken from the metadata log, so that no id is given twice after a crash.</summary>
internal sealed class ProducerIds(MetadataLog metadata) : IDisposable
{
    private const int BlockSize = 1000;

    private readonly SemaphoreSlim _gate = new(1);
    private long _next;
    private long _end;

    public async ValueTask<long> NextAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_next == _end)
            {
                _next = await metadata.TakeProducerIdsAsync(BlockSize).ConfigureAwait(false);
                _end = _next + BlockSize;
            }

            return _next++;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
