using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Holds back the changes of a table until the commit and forwards one per key then: the last new value over the value that was sent
/// before. A key that came and went in between is not seen at all. What Kafka Streams' record cache does to emission.
/// </summary>
internal sealed class CoalesceNode<TKey, TValue> : ProcessorNode<TKey, Change<TValue>, TKey, Change<TValue>>
{
    private readonly OrderedDictionary<TKey, (Record<TKey, Change<TValue>> Record, RecordPosition Position)> _held = [];

    public override void Process(in Record<TKey, Change<TValue>> record)
    {
        var change = record.Value;
        if (_held.TryGetValue(record.Key!, out var earlier))
        {
            var first = earlier.Record.Value;
            change = new(change.HasNew, change.New, first.HasOld, first.Old, change.IsLatest);
        }

        _held[record.Key!] = (record.WithValue(change), Context.Position);
    }

    public override void BeforeCommit()
    {
        if (_held.Count == 0)
        {
            return;
        }

        var here = Context.Position;
        for (var i = 0; i < _held.Count; i++)
        {
            var (record, position) = _held.GetAt(i).Value;
            var change = record.Value;
            if (change.HasNew || change.HasOld)
            {
                Context.MoveTo(position);
                Forward(in record);
            }
        }

        _held.Clear();
        Context.MoveTo(here);
    }
}
