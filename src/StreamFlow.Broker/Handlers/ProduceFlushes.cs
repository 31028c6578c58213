using System.Threading.Tasks.Sources;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>The partitions that have to be durable before a produce request is answered.</summary>
internal sealed class ProduceFlushes : IRecyclable, IValueTaskSource<ProduceResponse?>
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
    /// <param name="response">Has the answers.</param>
    /// <param name="isLight">Whether what waits for the end is done in a moment. Then it is done by the thread that syncs; else, because
    /// others wait for that thread, by one of the pool.</param>
    /// <param name="mayRunHere">Whether the caller's thread may be kept until the disk has synced.</param>
    public ValueTask<ProduceResponse?> RunAsync(ProduceResponse response, bool isLight, bool mayRunHere)
    {
        // One more than the flushes, so that none of them ends it before all have begun.
        (_response, _open) = (response, _flushes.Count + 1);
        _done.RunContinuationsAsynchronously = !isLight;
        foreach (var flush in _flushes)
        {
            if (!flush.Begin(this, mayRunHere && _flushes.Count == 1))
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
            _done.SetResult(_response);
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _flushes.Clear();
        _done.Reset();
        _response = null;
    }

    ProduceResponse? IValueTaskSource<ProduceResponse?>.GetResult(short token) => _done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ProduceResponse?>.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource<ProduceResponse?>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);
}
