using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Sends each change of a table to the group its row is in: a row that stays in its group as one change, a row that moves as a
/// removal and an addition, which are separate records and may be seen apart. Updates of the past of a versioned table are left out.
/// </summary>
internal sealed class TableRegroupNode<TKey, TValue, TNewKey, TNewValue>(Func<TKey, TValue, (TNewKey Key, TNewValue Value)> select)
    : ProcessorNode<TKey, Change<TValue>, TNewKey, Change<TNewValue>>
{
    public override void Process(in Record<TKey, Change<TValue>> record)
    {
        if (!record.HasKey)
        {
            throw new StreamsException($"node '{Name}' got a row without a key, which a table cannot have");
        }

        var change = record.Value;
        if (!change.IsLatest)
        {
            return;
        }

        var (newKey, newValue) = change.HasNew ? select(record.Key!, change.New!) : default;
        var (oldKey, oldValue) = change.HasOld ? select(record.Key!, change.Old!) : default;
        var hasNew = change.HasNew && newKey is not null && newValue is not null;
        var hasOld = change.HasOld && oldKey is not null && oldValue is not null;
        if (hasOld && hasNew && EqualityComparer<TNewKey>.Default.Equals(oldKey, newKey))
        {
            Send(in record, newKey!, new(true, newValue, true, oldValue));
            return;
        }

        if (hasOld)
        {
            Send(in record, oldKey!, new(false, default, true, oldValue));
        }

        if (hasNew)
        {
            Send(in record, newKey!, new(true, newValue, false, default));
        }
    }

    private void Send(in Record<TKey, Change<TValue>> record, TNewKey key, Change<TNewValue> change) =>
        Forward(new Record<TNewKey, Change<TNewValue>>(true, key, true, change, record.Timestamp, record.Headers));
}
