using StreamFlow.Core.Errors;

namespace StreamFlow.Storage;

/// <summary>Waits for records to become durable (<see cref="PartitionLog.RequestFlush"/>).</summary>
public interface IFlushObserver
{
    /// <summary>
    /// The sync has ended. Called once a request, by the thread that syncs and all others wait for: it has to be quick and may not throw.
    /// </summary>
    /// <param name="error">Why the records are not durable; null when they are.</param>
    void OnFlushed(StorageException? error);
}
