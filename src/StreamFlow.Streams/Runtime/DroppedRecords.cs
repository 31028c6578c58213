namespace StreamFlow.Streams.Runtime;

/// <summary>Counts the records a task dropped, by reason. Written by the task's thread, read by anybody.</summary>
public sealed class DroppedRecords
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

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

    internal void Add(DropReason reason) => _counts[(int)reason]++;
}
