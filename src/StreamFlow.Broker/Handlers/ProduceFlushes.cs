using System.Runtime.CompilerServices;
using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>The partitions that have to be durable before a produce request is answered.</summary>
internal sealed class ProduceFlushes : IRecyclable
{
    private readonly List<(Partition Partition, ProduceResponse.PartitionProduceResponse Answer)> _partitions = [];
    private readonly List<ValueTask<ErrorCode>> _running = [];

    public void Add(Partition partition, ProduceResponse.PartitionProduceResponse answer) => _partitions.Add((partition, answer));

    /// <summary>Begins all flushes, for nobody who would wait for them.</summary>
    public void Begin()
    {
        foreach (var (partition, _) in _partitions)
        {
            _ = partition.FlushAsync().AsTask();
        }
    }

    /// <summary>Runs all flushes and tells the answers of those that failed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ProduceResponse?> RunAsync(ProduceResponse response)
    {
        // All are asked for before the first is awaited, so that they run together.
        foreach (var (partition, _) in _partitions)
        {
#pragma warning disable CA2012 // each is awaited once, below
            _running.Add(partition.FlushAsync());
#pragma warning restore CA2012
        }

        for (var i = 0; i < _running.Count; i++)
        {
            var error = await _running[i].ConfigureAwait(false);
            if (error != ErrorCode.None)
            {
                _partitions[i].Answer.ErrorCode = error;
                _partitions[i].Answer.BaseOffset = -1;
            }
        }

        return response;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _partitions.Clear();
        _running.Clear();
    }
}
