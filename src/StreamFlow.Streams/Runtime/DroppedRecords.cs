namespace StreamFlow.Streams.Runtime;

/// <summary>
/// Counts the records a task dropped, by reason, and adds them to a total of all tasks when there is one. Read by anybody.
/// </summary>
public sealed class DroppedRecords
{
    private readonly DroppedRecords? _total;
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    internal DroppedRecords(DroppedRecords? total = null) => _total = total;

    /// <summary>All dropped records.</summary>
    public long Total
    {
        get
        {
            var total = 0L;
            for (var i = 0; i < _counts.Length; i++)
            {
                total += Volatile.Read(ref _counts[i]);
            }

            return total;
        }
    }

    /// <summary>The records dropped for one reason.</summary>
    public long this[DropReason reason] => Volatile.Read(ref _counts[(int)reason]);

    internal void Add(DropReason reason)
    {
        Interlocked.Increment(ref _counts[(int)reason]);
        _total?.Add(reason);
    }
}
