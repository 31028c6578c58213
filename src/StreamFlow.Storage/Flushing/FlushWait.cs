using System.Threading.Tasks.Sources;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;

namespace StreamFlow.Storage.Flushing;

/// <summary>A flush that is awaited; used again once its result is taken.</summary>
internal sealed class FlushWait : IFlushObserver, IValueTaskSource
{
    private const int MostKept = 1024;

    private static readonly ObjectPool<FlushWait> Free = new(static () => new FlushWait(), MostKept);

    private ManualResetValueTaskSourceCore<bool> _done = new() { RunContinuationsAsynchronously = true };

    /// <summary>Ends when it is flushed; to be awaited once.</summary>
    public ValueTask Task => new(this, _done.Version);

    public static FlushWait Rent() => Free.Rent();

    /// <summary>Gives back one that waits for nothing.</summary>
    public void Return() => Free.Return(this);

    /// <inheritdoc/>
    public void OnFlushed(StorageException? error)
    {
        if (error is null)
        {
            _done.SetResult(true);
        }
        else
        {
            _done.SetException(error);
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _done.GetResult(token);
        }
        finally
        {
            _done.Reset();
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);
}
