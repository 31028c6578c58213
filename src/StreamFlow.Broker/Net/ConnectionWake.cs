using System.IO.Pipelines;

namespace StreamFlow.Broker.Net;

/// <summary>
/// Ends a connection's read, so that its loop looks for what can be answered. The loop goes on in a piece of work of the thread pool: one for
/// all requests that end before it begins, whose answers then leave together. Thread safe.
/// </summary>
internal sealed class ConnectionWake(PipeReader pipe) : IThreadPoolWorkItem
{
    private int _isRequested;

    /// <summary>A request has ended.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _isRequested, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // A full fence: whoever finds the flag set has ended before the loop looks.
        Interlocked.Exchange(ref _isRequested, 0);
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
