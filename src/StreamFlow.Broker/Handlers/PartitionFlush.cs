using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Handlers;

/// <summary>One partition that has to be durable before a produce request is answered.</summary>
internal sealed class PartitionFlush : IFlushObserver, IRecyclable
{
    private Partition? _partition;
    private ProduceResponse.PartitionProduceResponse? _answer;
    private ProduceFlushes? _owner;

    public PartitionFlush Of(Partition partition, ProduceResponse.PartitionProduceResponse answer)
    {
        (_partition, _answer) = (partition, answer);
        return this;
    }

    /// <summary>Begins the flush.</summary>
    /// <param name="owner">Who is told of its end.</param>
    /// <param name="mayRunHere">Whether this thread may be kept until the disk has synced.</param>
    /// <returns>False when there is nothing to wait for.</returns>
    public bool Begin(ProduceFlushes owner, bool mayRunHere)
    {
        _owner = owner;
        return _partition!.RequestFlush(this, mayRunHere);
    }

    /// <summary>Begins the flush for nobody who would wait for it.</summary>
    public void BeginAlone() => _ = _partition!.FlushAsync().AsTask();

    /// <inheritdoc/>
    public void OnFlushed(StorageException? error)
    {
        if (error is not null)
        {
            _answer!.ErrorCode = _partition!.OnFlushFailed(error);
            _answer.BaseOffset = -1;
        }

        _owner!.OnPartitionFlushed();
    }

    /// <inheritdoc/>
    public void Reset() => (_partition, _answer, _owner) = (null, null, null);
}
