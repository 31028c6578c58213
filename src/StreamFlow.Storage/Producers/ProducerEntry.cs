using System.Runtime.CompilerServices;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Producers;

/// <summary>What a partition knows of one producer. At most five batches can be in flight, so five are remembered.</summary>
internal sealed class ProducerEntry(long producerId)
{
    private const int Window = 5;

    private Batches _batches;
    private int _next;
    private int _count;

    public long ProducerId => producerId;

    public short Epoch { get; private set; } = RecordBatch.NoProducerEpoch;

    public int CoordinatorEpoch { get; set; } = -1;

    /// <summary>When it last wrote (ms).</summary>
    public long LastTimestamp { get; set; } = RecordBatch.NoTimestamp;

    /// <summary>First offset of its open transaction, or -1.</summary>
    public long TransactionFirstOffset { get; set; } = -1;

    public bool HasBatches => _count > 0;

    public ProducerBatch LastBatch => _batches[(_next + Window - 1) % Window];

    public int LastSequence => HasBatches ? LastBatch.LastSequence : RecordBatch.NoSequence;

    /// <summary>Takes a new epoch; sequences begin anew with it.</summary>
    public void RaiseEpoch(short epoch)
    {
        if (epoch != Epoch)
        {
            Epoch = epoch;
            _count = 0;
        }
    }

    public void Add(ProducerBatch batch)
    {
        _batches[_next] = batch;
        _next = (_next + 1) % Window;
        _count = Math.Min(_count + 1, Window);
    }

    /// <summary>Finds the remembered batch with the very sequences.</summary>
    public bool TryFind(int firstSequence, int lastSequence, out ProducerBatch batch)
    {
        for (var i = 1; i <= _count; i++)
        {
            batch = _batches[(_next + Window - i) % Window];
            if (batch.LastSequence == lastSequence && batch.FirstSequence == firstSequence)
            {
                return true;
            }
        }

        batch = default;
        return false;
    }

    [InlineArray(Window)]
    private struct Batches
    {
        private ProducerBatch _first;
    }
}
