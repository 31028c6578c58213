using StreamFlow.Core.Serialization;

namespace StreamFlow.Cli.Bench.Streams.Topologies;

/// <summary>
/// What the user of a topology brings: its serdes and functions. Metered, it counts the bytes that they allocate, so that the rest of a
/// run's allocations is known to be the engine's; that costs time, so runs that measure time do without.
/// </summary>
internal sealed class UserCode(bool isMetered)
{
    private long _bytes;

    /// <summary>Bytes allocated by it; 0 when it is not metered.</summary>
    public long AllocatedBytes => Volatile.Read(ref _bytes);

    public bool IsMetered => isMetered;

    public Serde<T> Of<T>(Serde<T> serde) => isMetered ? new MeteredSerde<T>(serde, this) : serde;

    public Func<T, TResult> Of<T, TResult>(Func<T, TResult> function) => isMetered
        ? value =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = function(value);
            AddSince(before);
            return result;
        }
        : function;

    public Func<T1, T2, TResult> Of<T1, T2, TResult>(Func<T1, T2, TResult> function) => isMetered
        ? (first, second) =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = function(first, second);
            AddSince(before);
            return result;
        }
        : function;

    /// <summary>Adds what this thread has allocated since.</summary>
    public void AddSince(long before)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (bytes > 0)
        {
            Interlocked.Add(ref _bytes, bytes);
        }
    }
}
