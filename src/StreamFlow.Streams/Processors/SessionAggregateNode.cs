using StreamFlow.Core.Records;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// Aggregates a stream per key and session. A record merges the sessions it touches: those are withdrawn with tombstones, in order of
/// their end, and the merged one is emitted at its end's time. A merged session that ends before stream time - grace - gap is late.
/// </summary>
internal sealed class SessionAggregateNode<TKey, TValue, TAggregate>(
    string storeName, SessionWindows windows, SessionFold<TKey, TValue, TAggregate> fold, bool sendsOldValues, bool emitsOnClose)
    : ProcessorNode<TKey, TValue, Windowed<TKey>, Change<TAggregate>>
{
    private SessionStore<TKey, TAggregate> _store = null!;
    private SessionCloser<TKey, TAggregate>? _closer;
    private long _streamTime = -1;

    protected override void OnInitialize()
    {
        _store = Context.GetStore<SessionStore<TKey, TAggregate>>(storeName);
        _closer = emitsOnClose ? new SessionCloser<TKey, TAggregate>(_store, Context) : null;
    }

    public override void BeforeCommit()
    {
        Context.Notes[Name] = _streamTime;
        _closer?.Note(Name);
    }

    public override void RestoreNotes()
    {
        _streamTime = Context.Notes.GetValueOrDefault(Name, -1);
        _closer?.RestoreNote(Name);
    }

    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasKey)
        {
            Context.Drop(DropReason.NullKey);
            return;
        }

        _streamTime = Math.Max(_streamTime, record.Timestamp);
        var closeTime = _streamTime - windows.GraceMs - windows.GapMs;
        Update(in record, closeTime);
        if (_closer is not null && _closer.TryAdvance(closeTime))
        {
            while (_closer.TryTake(out var session, out var value))
            {
                Emit(session, new(true, value, false, default), record.Headers);
            }
        }
    }

    private void Update(in Record<TKey, TValue> record, long closeTime)
    {
        var key = record.Key!;
        var t = record.Timestamp;
        Context.RecordTime = t;
        var found = _store.FindSessions(key, t - windows.GapMs, t + windows.GapMs);
        var (start, end) = (t, t);
        var hasAggregate = fold.Initialize is not null;
        var aggregate = hasAggregate ? fold.Initialize!() : default;
        foreach (var row in found)
        {
            aggregate = fold.Merge(key, hasAggregate, aggregate, row.Value);
            hasAggregate = aggregate is not null;
            start = Math.Min(start, row.Key.Window.Start);
            end = Math.Max(end, row.Key.Window.End);
        }

        if (end < closeTime)
        {
            Context.Drop(DropReason.Late);
            return;
        }

        if (start != t || end != t)
        {
            foreach (var row in found)
            {
                _store.Remove(row.Key);
                _closer?.Untrack(row.Key);
                EmitUpdate(row.Key, new(false, default, sendsOldValues, sendsOldValues ? row.Value : default));
            }
        }

        aggregate = fold.Aggregate(key, record.HasValue, record.Value!, hasAggregate, aggregate);
        var merged = new Windowed<TKey>(key, new Window(start, end));
        if (aggregate is null)
        {
            _store.Remove(merged);
        }
        else
        {
            _store.Put(merged, aggregate);
            _closer?.Track(merged);
        }

        EmitUpdate(merged, new(aggregate is not null, aggregate, false, default));
    }

    /// <summary>Updates carry no headers, as in Kafka Streams: a merged session stands for several records.</summary>
    private void EmitUpdate(Windowed<TKey> session, Change<TAggregate> change)
    {
        if (_closer is null)
        {
            Emit(session, change, Headers.Empty);
        }
    }

    private void Emit(Windowed<TKey> session, Change<TAggregate> change, Headers headers) =>
        Forward(new Record<Windowed<TKey>, Change<TAggregate>>(true, session, true, change, session.Window.End, headers));
}
