using System.IO.Pipelines;

namespace StreamFlow.Broker.Net;

/// <summary>
/// Ends the read that a connection's loop waits in, when a request has ended that may be answered. The loop goes on in a piece of work of
/// the thread pool, one for all requests that end before it begins, so that their answers leave together. Any thread may request.
/// </summary>
internal sealed class ConnectionWake(PipeReader pipe) : IThreadPoolWorkItem
{
    private const int Running = 0;
    private const int Waiting = 1;
    private const int Requested = 2;

    private int _state;

    /// <summary>The loop is about to wait: requests that end from here on wake it; for those that ended before it has to look.</summary>
    public void Arm() => Interlocked.Exchange(ref _state, Waiting);

    /// <summary>The loop does not wait any more. A wake that is under way ends its next read for nothing, which costs a look.</summary>
    public void Disarm() => Interlocked.Exchange(ref _state, Running);

    /// <summary>A request has ended.</summary>
    public void Request()
    {
        if (Interlocked.CompareExchange(ref _state, Requested, Waiting) == Waiting)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            pipe.CancelPendingRead();
        }
        catch (ObjectDisposedException)
        {
            // The connection has ended meanwhile.
        }
    }
}
