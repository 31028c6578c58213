using System.Threading.Tasks.Sources;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>The partitions that have to be durable before a produce request is answered.</summary>
internal sealed class ProduceFlushes : IRecyclable, IValueTaskSource<ProduceResponse?>, IThreadPoolWorkItem
{
    private readonly List<PartitionFlush> _flushes = [];
    private ManualResetValueTaskSourceCore<ProduceResponse?> _done;
    private ProduceResponse? _response;
    private int _open;

    public void Add(PartitionFlush flush) => _flushes.Add(flush);

    /// <summary>Begins all flushes, for nobody who would wait for them.</summary>
    public void Begin()
    {
        foreach (var flush in _flushes)
        {
            flush.BeginAlone();
        }
    }

    /// <summary>Runs all flushes, which tell the answers when they fail.</summary>
    public ValueTask<ProduceResponse?> RunAsync(ProduceResponse response)
    {
        // One more than the flushes, so that none of them ends it before all have begun.
        (_response, _open) = (response, _flushes.Count + 1);
        foreach (var flush in _flushes)
        {
            if (!flush.Begin(this))
            {
                Interlocked.Decrement(ref _open);
            }
        }

        return Interlocked.Decrement(ref _open) == 0 ? new(response) : new(this, _done.Version);
    }

    /// <summary>One of them has ended.</summary>
    public void OnPartitionFlushed()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            // Not on the thread that syncs: others wait for it.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _flushes.Clear();
        _done.Reset();
        _response = null;
    }

    void IThreadPoolWorkItem.Execute() => _done.SetResult(_response);

    ProduceResponse? IValueTaskSource<ProduceResponse?>.GetResult(short token) => _done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ProduceResponse?>.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource<ProduceResponse?>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);
}
