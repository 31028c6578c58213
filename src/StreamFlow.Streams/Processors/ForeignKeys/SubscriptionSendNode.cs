using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>
/// The left side of a foreign-key join: turns a change of a left row into subscriptions to the right rows that its old and new foreign keys
/// name.
/// </summary>
/// <param name="foreignKey">From key and value of a left row to its foreign key; null: it has none.</param>
/// <param name="foreignKeySerde">Two foreign keys are the same when their bytes are.</param>
/// <param name="valueSerde">Writes left values, of which the hash is sent.</param>
/// <param name="topic">The topic of the subscriptions, without the application's prefix.</param>
/// <param name="isLeft">Whether left rows without a right one are part of the result.</param>
/// <param name="isVersioned">Whether the left table keeps a history: then changes that are not the latest are dropped (KIP-914).</param>
internal sealed class SubscriptionSendNode<TKey, TValue, TForeignKey>(
    Func<TKey, TValue, TForeignKey?> foreignKey,
    Serde<TForeignKey> foreignKeySerde,
    Serde<TValue> valueSerde,
    string topic,
    bool isLeft,
    bool isVersioned)
    : ProcessorNode<TKey, Change<TValue>, TForeignKey, Subscription<TKey>>
{
    private readonly IEqualityComparer<TForeignKey> _sameKey =
        KeyComparers.For(foreignKeySerde) ?? EqualityComparer<TForeignKey>.Default;

    private ValueHasher<TValue> _hasher = null!;

    protected override void OnInitialize() =>
        _hasher = new(valueSerde, InternalTopics.FullName(Context.Options.ApplicationId, topic) + "-vh");

    public override void Process(in Record<TKey, Change<TValue>> record)
    {
        var change = record.Value;
        if (!record.HasKey || (isVersioned && !change.IsLatest))
        {
            Context.Drop(record.HasKey ? DropReason.Late : DropReason.NullKey);
            return;
        }

        var oldKey = change.HasOld ? foreignKey(record.Key!, change.Old!) : default;
        var newKey = change.HasNew ? foreignKey(record.Key!, change.New!) : default;
        var hadKey = change.HasOld && oldKey is not null;
        var hasKey = change.HasNew && newKey is not null;
        UInt128? hash = change.HasNew ? _hasher.Hash(change.New!, Context.ValueBuffer) : null;
        if (isLeft)
        {
            SendLeft(in record, hash, hadKey, oldKey, hasKey, newKey);
        }
        else
        {
            SendInner(in record, hash, hadKey, oldKey, hasKey, newKey);
        }
    }

    private void SendInner(
        in Record<TKey, Change<TValue>> record, UInt128? hash, bool hadKey, TForeignKey? oldKey, bool hasKey, TForeignKey? newKey)
    {
        if (!hasKey)
        {
            if (record.Value.HasNew)
            {
                Context.Drop(DropReason.NullKey);
            }

            if (hadKey)
            {
                Send(in record, true, oldKey, SubscriptionInstruction.DeleteKeyAndPropagate, hash);
            }
        }
        else if (hadKey && !_sameKey.Equals(oldKey, newKey))
        {
            Send(in record, true, oldKey, SubscriptionInstruction.DeleteKeyNoPropagate, hash);
            Send(in record, true, newKey, SubscriptionInstruction.PropagateNullIfNoForeignValue, hash);
        }
        else
        {
            Send(in record, true, newKey, SubscriptionInstruction.PropagateOnlyIfForeignValue, hash);
        }
    }

    private void SendLeft(
        in Record<TKey, Change<TValue>> record, UInt128? hash, bool hadKey, TForeignKey? oldKey, bool hasKey, TForeignKey? newKey)
    {
        if (!record.Value.HasNew && !record.Value.HasOld)
        {
            return;
        }

        if (hadKey && !(hasKey && _sameKey.Equals(oldKey, newKey)))
        {
            Send(in record, true, oldKey, SubscriptionInstruction.DeleteKeyNoPropagate, hash);
        }

        Send(in record, hasKey, newKey, SubscriptionInstruction.PropagateNullIfNoForeignValue, hash);
    }

    private void Send(
        in Record<TKey, Change<TValue>> record, bool hasKey, TForeignKey? key, SubscriptionInstruction instruction, UInt128? hash)
    {
        var subscription = new Subscription<TKey>(instruction, hash, record.Key!, Context.Id.Partition);
        Forward(new Record<TForeignKey, Subscription<TKey>>(hasKey, key, true, subscription, record.Timestamp, record.Headers));
    }
}
