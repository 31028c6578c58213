using System.Runtime.InteropServices;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Producers;

/// <summary>
/// What a partition knows of its idempotent and transactional producers (KIP-98): sequences to refuse gaps and recognise duplicates, and
/// open transactions, which bound what read_committed readers see. It is a function of the log: rebuilt from a snapshot and the batches
/// behind it. Used under the partition's lock only.
/// </summary>
internal sealed class ProducerStateManager
{
    private readonly Dictionary<long, ProducerEntry> _producers = [];

    // First offsets of open transactions, and those whose marker is not below the high watermark yet: both hold the LSO back.
    private readonly SortedSet<long> _open = [];
    private readonly List<CompletedTransaction> _undecided = [];

    /// <summary>All batches below this offset are reflected in the state.</summary>
    public long EndOffset { get; private set; }

    public IReadOnlyDictionary<long, ProducerEntry> Producers => _producers;

    /// <summary>
    /// The smallest first offset of a transaction that is open, or whose marker readers cannot see yet; null when there is none.
    /// </summary>
    public long? FirstUnstableOffset
    {
        get
        {
            long? first = _open.Count > 0 ? _open.Min : null;
            foreach (var transaction in _undecided)
            {
                first = Math.Min(first ?? long.MaxValue, transaction.FirstOffset);
            }

            return first;
        }
    }

    /// <summary>Checks a client's batch: duplicate, epoch, sequence, transaction (in this order, as brokers do).</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="beginsAtZero">
    /// Whether a producer that is not known has to begin at sequence 0. Others may have written here and been forgotten since.
    /// </param>
    public ProducerCheck Check(in BatchHeader batch, bool beginsAtZero = false)
    {
        if (!_producers.TryGetValue(batch.ProducerId, out var entry))
        {
            return beginsAtZero && batch.IsTransactional && batch.BaseSequence != 0
                ? ProducerCheck.Refuse(
                    ErrorCode.OutOfOrderSequenceNumber,
                    $"producer {batch.ProducerId} is new here and sent sequence {batch.BaseSequence}; its transaction has to begin at 0")
                : ProducerCheck.Accept;
        }

        var first = batch.BaseSequence;
        if (first != RecordBatch.NoSequence && batch.ProducerEpoch == entry.Epoch
            && entry.TryFind(first, batch.LastSequence, out var original))
        {
            return ProducerCheck.Duplicate(original);
        }

        if (batch.ProducerEpoch < entry.Epoch)
        {
            return ProducerCheck.Refuse(
                ErrorCode.InvalidProducerEpoch,
                $"producer {batch.ProducerId} wrote with epoch {batch.ProducerEpoch}, its latest epoch here is {entry.Epoch}");
        }

        if (first == RecordBatch.NoSequence)
        {
            // A coordinator's own transactional batch, such as offsets that a transaction commits, is not counted.
            return ProducerCheck.Accept;
        }

        var expected = batch.ProducerEpoch > entry.Epoch ? 0 : (int)(((long)entry.LastSequence + 1) & int.MaxValue);
        if (first != expected && entry.Epoch != RecordBatch.NoProducerEpoch)
        {
            return ProducerCheck.Refuse(
                ErrorCode.OutOfOrderSequenceNumber,
                $"producer {batch.ProducerId} (epoch {batch.ProducerEpoch}) sent sequence {first}, {expected} was expected");
        }

        return entry.TransactionFirstOffset >= 0 && !batch.IsTransactional
            ? ProducerCheck.Refuse(
                ErrorCode.InvalidTxnState, $"producer {batch.ProducerId} has an open transaction and wrote outside of it")
            : ProducerCheck.Accept;
    }

    /// <summary>Checks a marker: neither its producer epoch nor its coordinator epoch may be older than what is known.</summary>
    public ProducerCheck CheckMarker(long producerId, short epoch, int coordinatorEpoch)
    {
        if (!_producers.TryGetValue(producerId, out var entry))
        {
            return ProducerCheck.Accept;
        }

        if (epoch < entry.Epoch)
        {
            return ProducerCheck.Refuse(
                ErrorCode.InvalidProducerEpoch,
                $"a marker of producer {producerId} has epoch {epoch}, its latest epoch here is {entry.Epoch}");
        }

        return coordinatorEpoch < entry.CoordinatorEpoch
            ? ProducerCheck.Refuse(
                ErrorCode.TransactionCoordinatorFenced,
                $"a marker of producer {producerId} has coordinator epoch {coordinatorEpoch}, {entry.CoordinatorEpoch} is known")
            : ProducerCheck.Accept;
    }

    /// <summary>Enters a data batch that stands in the log.</summary>
    public void Append(in BatchHeader batch)
    {
        EndOffset = batch.LastOffset + 1;
        if (batch.ProducerId < 0)
        {
            return;
        }

        var entry = GetOrAdd(batch.ProducerId);
        entry.RaiseEpoch(batch.ProducerEpoch);
        entry.Add(new ProducerBatch(batch.LastSequence, batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestamp));
        entry.LastTimestamp = batch.MaxTimestamp;
        if (batch.IsTransactional && entry.TransactionFirstOffset < 0)
        {
            entry.TransactionFirstOffset = batch.BaseOffset;
            _open.Add(batch.BaseOffset);
        }
    }

    /// <summary>The transaction that a marker at the offset would end, null when none is open.</summary>
    public CompletedTransaction? Completes(long producerId, TransactionMarker marker, long markerOffset) =>
        _producers.TryGetValue(producerId, out var entry) && entry.TransactionFirstOffset >= 0
            ? new CompletedTransaction(producerId, entry.TransactionFirstOffset, markerOffset, marker.Type == ControlRecordType.Abort)
            : null;

    /// <summary>Enters a marker that stands in the log, and the transaction it ended.</summary>
    public void AppendMarker(in BatchHeader batch, TransactionMarker marker, CompletedTransaction? completed)
    {
        EndOffset = batch.LastOffset + 1;
        var entry = GetOrAdd(batch.ProducerId);
        entry.RaiseEpoch(batch.ProducerEpoch);
        entry.CoordinatorEpoch = marker.CoordinatorEpoch;
        entry.LastTimestamp = batch.MaxTimestamp;
        entry.TransactionFirstOffset = -1;
        if (completed is { } transaction)
        {
            _open.Remove(transaction.FirstOffset);
            _undecided.Add(transaction);
        }
    }

    /// <summary>The last stable offset as it is once this transaction counts as decided: what the transaction index records.</summary>
    public long LastStableOffsetAfter(in CompletedTransaction completed)
    {
        foreach (var offset in _open)
        {
            if (offset != completed.FirstOffset)
            {
                return Math.Min(offset, completed.MarkerOffset + 1);
            }
        }

        return completed.MarkerOffset + 1;
    }

    /// <summary>Lets go of transactions whose markers are below the high watermark.</summary>
    public void OnHighWatermark(long highWatermark)
    {
        for (var i = _undecided.Count - 1; i >= 0; i--)
        {
            if (_undecided[i].MarkerOffset < highWatermark)
            {
                _undecided.RemoveAt(i);
            }
        }
    }

    /// <summary>Forgets producers without an open transaction that have not written since.</summary>
    public void RemoveIdleSince(long timestamp)
    {
        foreach (var (id, entry) in _producers)
        {
            if (entry.TransactionFirstOffset < 0 && entry.LastTimestamp < timestamp)
            {
                _producers.Remove(id);
            }
        }
    }

    /// <summary>Forgets everything, for a rebuild that goes on at the offset.</summary>
    public void Reset(long offset)
    {
        _producers.Clear();
        _open.Clear();
        _undecided.Clear();
        EndOffset = offset;
    }

    /// <summary>Takes over the entries of a snapshot of the offset.</summary>
    public void Load(IReadOnlyList<ProducerEntry> entries, long offset)
    {
        Reset(offset);
        foreach (var entry in entries)
        {
            _producers[entry.ProducerId] = entry;
            if (entry.TransactionFirstOffset >= 0)
            {
                _open.Add(entry.TransactionFirstOffset);
            }
        }
    }

    /// <summary>Notes that the log goes on at the offset although no batch below it was seen.</summary>
    public void AdvanceTo(long offset) => EndOffset = Math.Max(EndOffset, offset);

    private ProducerEntry GetOrAdd(long producerId)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_producers, producerId, out _);
        return entry ??= new ProducerEntry(producerId);
    }
}
