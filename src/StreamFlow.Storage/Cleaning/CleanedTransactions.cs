using StreamFlow.Core.Records;
using StreamFlow.Storage.Producers;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Cleaning;

/// <summary>
/// Follows the transactions through a cleaning, in offset order: which batches belong to aborted ones and go, and which markers have lost
/// all their data and may go as well.
/// </summary>
internal sealed class CleanedTransactions
{
    private readonly Queue<AbortedTransaction> _ahead;
    private readonly Dictionary<long, (AbortedTransaction Transaction, bool HasData)> _aborted = [];
    private readonly HashSet<long> _committed = [];

    /// <param name="segments">All segments of the log: a transaction is listed where its marker stands.</param>
    public CleanedTransactions(IEnumerable<LogSegment> segments)
    {
        var aborted = new List<AbortedTransaction>();
        foreach (var segment in segments)
        {
            aborted.AddRange(segment.Transactions.Entries);
        }

        aborted.Sort((a, b) => a.FirstOffset.CompareTo(b.FirstOffset));
        _ahead = new Queue<AbortedTransaction>(aborted);
    }

    /// <summary>Whether a data batch belongs to an aborted transaction.</summary>
    public bool IsAborted(in BatchHeader batch)
    {
        Advance(batch.LastOffset);
        if (!batch.IsTransactional)
        {
            return false;
        }

        if (_aborted.TryGetValue(batch.ProducerId, out var aborted))
        {
            _aborted[batch.ProducerId] = (aborted.Transaction, true);
            return true;
        }

        _committed.Add(batch.ProducerId);
        return false;
    }

    /// <summary>
    /// Whether a marker's transaction has no data left; if it still had aborted data, the transaction index keeps its entry.
    /// </summary>
    public bool IsEmpty(in BatchHeader batch, TransactionMarker marker, out AbortedTransaction? kept)
    {
        Advance(batch.LastOffset);
        kept = null;
        if (marker.Type == ControlRecordType.Commit)
        {
            return !_committed.Remove(batch.ProducerId);
        }

        if (_aborted.Remove(batch.ProducerId, out var aborted) && aborted.HasData)
        {
            kept = aborted.Transaction;
            return false;
        }

        return true;
    }

    private void Advance(long offset)
    {
        while (_ahead.TryPeek(out var next) && next.FirstOffset <= offset)
        {
            _aborted[next.ProducerId] = (_ahead.Dequeue(), false);
        }
    }
}
