using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Runtime.Standbys;

/// <summary>One store of a copy, and how far it may be filled.</summary>
/// <param name="restorer">Fills it.</param>
/// <param name="isSource">Whether its changelog is an input topic: what the task has not taken from it may not be in the store.</param>
internal sealed class StandbyStore(StoreRestorer restorer, bool isSource)
{
    private long _limit = isSource ? 0 : long.MaxValue;
    private bool _hasNew;

    public StoreRestorer Restorer { get; } = restorer;

    public TopicPartition Changelog => Restorer.Changelog;

    /// <summary>Whether <see cref="Limit"/> has to be asked for.</summary>
    public bool IsLimited { get; } = isSource;

    /// <summary>Whether it waits for the task to go on.</summary>
    public bool IsHeld { get; private set; } = isSource;

    /// <summary>Up to which offset it may be filled: that which the group has committed, when the changelog is an input topic.</summary>
    public long Limit
    {
        get => _limit;
        set
        {
            IsHeld &= value <= _limit;
            _limit = value;
        }
    }

    /// <summary>Takes a batch, as far as the limit allows.</summary>
    /// <returns>False when the batch goes beyond the limit: read on from <see cref="StoreRestorer.Position"/> when it has grown.</returns>
    public bool TryAdd(RecordBatchLease batch)
    {
        Restorer.Add(batch.GetCursor(), batch.Records.Span, _limit);
        _hasNew = true;
        IsHeld = batch.NextOffset > _limit;
        return !IsHeld;
    }

    /// <summary>Makes what was taken part of the store.</summary>
    public void Write()
    {
        if (_hasNew)
        {
            Restorer.Complete(Restorer.Position);
            _hasNew = false;
        }
    }
}
