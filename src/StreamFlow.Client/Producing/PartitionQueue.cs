using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Producing;

/// <summary>
/// The batches of one partition in order: those to be sent again, those that are full, and the open one. Producers append and the sender
/// takes under <see cref="Gate"/>.
/// </summary>
internal sealed class PartitionQueue(TopicPartition partition)
{
    // A broker remembers the last five batches of a producer: one sent again after more than that is not recognised as a duplicate.
    private const int DuplicateWindow = 5;

    // Records that compress worse than those before make a batch too large, and pass: so the limit is doubled after this many batches. A
    // topic that takes no more refuses one of them then.
    private const int WrittenToGrow = 100;

    private readonly Queue<ProducerBatch> _closed = new();
    private readonly List<long> _inFlight = [];
    private readonly List<ProducerBatch> _retries = [];
    private ProducerBatch? _open;
    private int _nextSequence;
    private int _identityGeneration;
    private long _nextNumber;
    private int _writtenUnderLimit;
    private bool _isKnownToBroker;
    private bool _waitsForAnswer;

    public TopicPartition Partition { get; } = partition;

    public Lock Gate { get; } = new();

    /// <summary>Whether the sender has it on its list.</summary>
    public bool IsActive { get; set; }

    /// <summary>The size in bytes at which a batch is closed though <c>batch.size</c> allows more: the broker has refused one.</summary>
    public int LargestBatch { get; private set; } = int.MaxValue;

    /// <summary>
    /// Whether nothing can be sent before the broker answers something else: then a full batch is no news to the sender, which looks again
    /// at every answer. Written by the sender alone.
    /// </summary>
    public bool WaitsForAnswer
    {
        get => Volatile.Read(ref _waitsForAnswer);
        set => Volatile.Write(ref _waitsForAnswer, value);
    }

    /// <summary>Batches sent and not answered.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>Whether the batch was sent and is not answered.</summary>
    public bool IsInFlight(ProducerBatch batch) => _inFlight.Contains(batch.Number);

    public bool IsEmpty => _open is null && _closed.Count == 0 && _retries.Count == 0;

    public ProducerBatch? Open => _open;

    /// <summary>The oldest batch that is not in flight, or null.</summary>
    public ProducerBatch? Oldest => _retries.Count > 0 ? _retries[0] : _closed.TryPeek(out var batch) ? batch : _open;

    public void Begin(ProducerBatch batch)
    {
        batch.Number = _nextNumber++;
        _open = batch;
    }

    public void CloseOpen()
    {
        if (_open is not null)
        {
            _closed.Enqueue(_open);
            _open = null;
        }
    }

    /// <summary>
    /// Takes the next batch to send. While a batch waits to be sent again, nothing overtakes it: first all that is in flight must be
    /// answered.
    /// </summary>
    /// <param name="takeOpen">Whether the open batch may go too.</param>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="identity">The producer id whose sequences to use, or null.</param>
    public ProducerBatch? Take(bool takeOpen, long now, ProducerIdentity? identity)
    {
        ProducerBatch? batch;
        if (identity is not null && _inFlight.Count > 0 && (!_isKnownToBroker || identity.Generation != _identityGeneration))
        {
            // A broker takes the first sequence it sees of a producer for its start, whatever number it is. So the first batch goes alone:
            // a second one behind it would be accepted even when the first was refused, and the order would be lost.
            return null;
        }

        if (identity is not null && _inFlight.Count > 0 && Oldest is { } oldest && oldest.Number - _inFlight[0] >= DuplicateWindow)
        {
            return null;
        }

        if (_retries.Count > 0)
        {
            batch = _retries[0];
            if (InFlight > 0 || batch.RetryAt > now)
            {
                return null;
            }

            _retries.RemoveAt(0);
        }
        else if (!_closed.TryDequeue(out batch))
        {
            batch = takeOpen ? _open : null;
            _open = takeOpen ? null : _open;
        }

        if (batch is not null)
        {
            _inFlight.Insert(~_inFlight.BinarySearch(batch.Number), batch.Number);
            AssignSequence(batch, identity);
        }

        return batch;
    }

    /// <summary>A batch was written.</summary>
    public void Acknowledge(ProducerBatch batch)
    {
        Done(batch);
        _isKnownToBroker = true;
        if (LargestBatch < int.MaxValue && ++_writtenUnderLimit == WrittenToGrow)
        {
            LargestBatch = (int)Math.Min(2L * LargestBatch, int.MaxValue);
            _writtenUnderLimit = 0;
        }
    }

    /// <summary>The broker has refused a batch: the next ones are closed at this size in bytes, until it has grown again.</summary>
    public void LimitBatches(int size)
    {
        LargestBatch = Math.Min(LargestBatch, size);
        _writtenUnderLimit = 0;
    }

    /// <summary>A batch was answered for good.</summary>
    public void Done(ProducerBatch batch) => _inFlight.Remove(batch.Number);

    /// <summary>A batch has to be sent again, in its old place.</summary>
    public void Retry(ProducerBatch batch)
    {
        Done(batch);
        var at = _retries.FindIndex(b => b.Number > batch.Number || (b.Number == batch.Number && b.Part > batch.Part));
        _retries.Insert(at < 0 ? _retries.Count : at, batch);
    }

    /// <summary>Whether an older batch than this one waits to be sent again: then a gap in the sequence is no surprise.</summary>
    public bool IsBehindRetry(ProducerBatch batch) => _retries.Count > 0 && _retries[0].Number < batch.Number;

    /// <summary>Takes out every batch that is not in flight.</summary>
    public List<ProducerBatch> RemoveAll()
    {
        CloseOpen();
        var all = _retries.Concat(_closed).ToList();
        _retries.Clear();
        _closed.Clear();
        return all;
    }

    /// <summary>Takes out batches begun before the time, as long as none in flight precedes them.</summary>
    public List<ProducerBatch> RemoveExpired(long createdBefore)
    {
        List<ProducerBatch> expired = [];
        while (Oldest is { } oldest && oldest.CreatedAt < createdBefore)
        {
            if (_retries.Count > 0)
            {
                _retries.RemoveAt(0);
            }
            else if (!_closed.TryDequeue(out _))
            {
                _open = null;
            }

            expired.Add(oldest);
        }

        return expired;
    }

    // A batch keeps its sequence when it is sent again, unless the producer has a new identity since: then all begins at 0 again.
    private void AssignSequence(ProducerBatch batch, ProducerIdentity? identity)
    {
        if (identity is null)
        {
            return;
        }

        if (_identityGeneration != identity.Generation)
        {
            _identityGeneration = identity.Generation;
            _isKnownToBroker = false;
            _nextSequence = 0;
            _retries.ForEach(b => b.BaseSequence = RecordBatch.NoSequence);
            batch.BaseSequence = RecordBatch.NoSequence;
        }

        if (batch.BaseSequence < 0)
        {
            batch.BaseSequence = _nextSequence;
            _nextSequence = (int)(((long)_nextSequence + batch.RecordCount) & int.MaxValue);
            batch.Bytes = default;
        }
    }
}
