using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Turns records into changes of a table, in order of arrival whatever their time says. With a store it knows old values; with a
/// versioned store updates of the past are marked as such, and those from before the history are dropped.
/// </summary>
internal sealed class TableSourceNode<TKey, TValue>(string? storeName, bool sendsOldValues)
    : ProcessorNode<TKey, TValue, TKey, Change<TValue>>
{
    private TableStore<TKey, TValue>? _store;
    private VersionedStore<TKey, TValue>? _versions;

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasKey)
        {
            Context.Drop(DropReason.NullKey);
            return;
        }

        if (_versions is not null)
        {
            PutVersion(in record);
            return;
        }

        var hasOld = false;
        TValue? old = default;
        if (_store is not null)
        {
            var rows = _store.Rows;
            ref var row = ref rows.Get(record.Key!);
            if (sendsOldValues)
            {
                (hasOld, old) = (row.HasValue, row.Value);
            }

            row.HasValue = record.HasValue;
            row.Value = record.Value;
            row.Timestamp = record.Timestamp;
            rows.MarkDirty(record.Key!, ref row);
        }

        Forward(record.WithValue(new Change<TValue>(record.HasValue, record.Value, hasOld, old)));
    }

    protected override void OnInitialize()
    {
        _versions = storeName is null ? null : Context.GetStore(storeName) as VersionedStore<TKey, TValue>;
        _store = storeName is null || _versions is not null ? null : Context.GetStore<TableStore<TKey, TValue>>(storeName);
    }

    public override void BeforeCommit()
    {
        if (_versions is not null)
        {
            Context.Notes[Name] = _versions.NewestTime;
        }
    }

    public override void RestoreNotes()
    {
        if (_versions is not null)
        {
            _versions.NewestTime = Math.Max(_versions.NewestTime, Context.Notes.GetValueOrDefault(Name, -1));
        }
    }

    private void PutVersion(in Record<TKey, TValue> record)
    {
        var hasOld = _versions!.TryGet(record.Key!, out var old) && sendsOldValues;
        var result = _versions.Put(record.Key!, record.HasValue, record.Value, record.Timestamp);
        if (result == VersionedPut.TooOld)
        {
            Context.Drop(DropReason.Expired);
            return;
        }

        Forward(record.WithValue(new Change<TValue>(
            record.HasValue, record.Value, hasOld, hasOld ? old.Value : default, result == VersionedPut.Latest)));
    }
}
