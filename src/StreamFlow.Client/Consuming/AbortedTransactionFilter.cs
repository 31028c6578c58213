using StreamFlow.Core.Records;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// Tells the batches of aborted transactions from committed ones while a fetch is walked in offset order: from a transaction's first offset
/// on its producer's transactional batches are dropped, until its abort marker.
/// </summary>
/// <param name="aborted">Producer id and first offset of the aborted transactions that overlap the fetch.</param>
internal sealed class AbortedTransactionFilter(IEnumerable<(long ProducerId, long FirstOffset)> aborted)
{
    private readonly Queue<(long ProducerId, long FirstOffset)> _ahead = new(aborted.OrderBy(a => a.FirstOffset));
    private readonly HashSet<long> _inside = [];

    /// <summary>Whether the batch belongs to an aborted transaction. To be asked for every batch, in order.</summary>
    public bool Drops(in RecordBatchView batch, ControlRecordType? marker)
    {
        while (_ahead.TryPeek(out var next) && next.FirstOffset <= batch.LastOffset)
        {
            _inside.Add(_ahead.Dequeue().ProducerId);
        }

        if (marker is { } kind)
        {
            if (kind == ControlRecordType.Abort)
            {
                _inside.Remove(batch.ProducerId);
            }

            return false;
        }

        return batch.IsTransactional && _inside.Contains(batch.ProducerId);
    }
}
