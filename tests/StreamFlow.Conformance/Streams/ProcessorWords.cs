using System.Text;
using StreamFlow.Core.Records;
using StreamFlow.Streams;
using StreamFlow.Streams.Processing;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using static StreamFlow.Conformance.Streams.Values;

namespace StreamFlow.Conformance.Streams;

/// <summary>Base of the words over objects.</summary>
internal abstract class WordProcessor : Processor<object, object, object, object>
{
    protected void ForwardValue(in Record<object, object> record, object? value) => Context.Forward(record.WithValue(value!));
}

internal sealed class Dedupe(string storeName, long within) : WordProcessor
{
    private IKeyValueStore<object, object> _store = null!;

    protected override void Initialize() => _store = Context.GetStore<IKeyValueStore<object, object>>(storeName);

    public override void Process(in Record<object, object> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            return;
        }

        var id = Text(record.Key) + "/" + Text(record.Value);
        var t = record.Timestamp;
        if (!_store.TryGet(id, out var last) || Math.Abs(t - (long)last) > within)
        {
            _store.Put(id, t);
            Context.Forward(in record);
        }
        else if (t > (long)last)
        {
            _store.Put(id, t);
        }
    }
}

internal sealed class RunningMax(string storeName) : WordProcessor
{
    private IKeyValueStore<object, object> _store = null!;

    protected override void Initialize() => _store = Context.GetStore<IKeyValueStore<object, object>>(storeName);

    public override void Process(in Record<object, object> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            return;
        }

        var v = Num(record.Value);
        if (!_store.TryGet(record.Key!, out var stored) || v > (long)stored)
        {
            _store.Put(record.Key!, v);
            Context.Forward(record.WithValue<object>(v), "high");
        }
        else
        {
            Context.Forward(record.WithValue(stored), "low");
        }
    }
}

internal sealed class CountPunctuate(string storeName, TimeSpan interval, PunctuationType type, bool clear) : WordProcessor
{
    private IKeyValueStore<object, object> _store = null!;

    protected override void Initialize()
    {
        _store = Context.GetStore<IKeyValueStore<object, object>>(storeName);
        Context.Schedule(interval, type, Punctuate);
    }

    public override void Process(in Record<object, object> record)
    {
        if (record.HasKey)
        {
            _store.Put(record.Key!, _store.TryGet(record.Key!, out var count) ? (long)count + 1 : 1L);
        }
    }

    private void Punctuate(long now)
    {
        var rows = _store.All().ToList();
        foreach (var (key, count) in rows)
        {
            Context.Forward(new Record<object, object>(key, count, now));
        }

        if (clear)
        {
            rows.ForEach(row => _store.Remove(row.Key, out _));
        }
    }
}

internal sealed class Tick(TimeSpan interval, PunctuationType type, long times) : WordProcessor
{
    private IDisposable _schedule = null!;
    private long _count;

    protected override void Initialize() => _schedule = Context.Schedule(interval, type, Punctuate);

    public override void Process(in Record<object, object> record) => Context.Forward(in record);

    private void Punctuate(long now)
    {
        _count++;
        Context.Forward(new Record<object, object>("tick", Text(_count), now));
        if (_count == times)
        {
            _schedule.Dispose();
        }
    }
}

internal sealed class WindowLookup(string storeName, long span) : WordProcessor
{
    private IWindowStore<object, object> _store = null!;

    protected override void Initialize() => _store = Context.GetStore<IWindowStore<object, object>>(storeName);

    public override void Process(in Record<object, object> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            return;
        }

        var t = record.Timestamp;
        var seen = string.Join(
            ',', _store.Fetch(record.Key!, Math.Max(0, t - span), t).Select(r => Text(r.Value) + "@" + Text(r.Key.Window.Start)));
        _store.Put(record.Key!, record.Value, t);
        ForwardValue(in record, seen + "|" + Text(record.Value));
    }
}

internal sealed class SessionMerge(string storeName, long gap) : WordProcessor
{
    private ISessionStore<object, object> _store = null!;

    protected override void Initialize() => _store = Context.GetStore<ISessionStore<object, object>>(storeName);

    public override void Process(in Record<object, object> record)
    {
        if (!record.HasKey || !record.HasValue)
        {
            return;
        }

        var t = record.Timestamp;
        var (start, end, text) = (t, t, string.Empty);
        foreach (var session in _store.FindSessions(record.Key!, t - gap, t + gap).ToList())
        {
            _store.Remove(session.Key);
            start = Math.Min(start, session.Key.Window.Start);
            end = Math.Max(end, session.Key.Window.End);
            text += Text(session.Value);
        }

        text += Text(record.Value);
        _store.Put(new Windowed<object>(record.Key!, new Window(start, end)), text);
        ForwardValue(in record, $"{text}@{Text(start)}-{Text(end)}");
    }
}

internal sealed class TimeToLive(string storeName, long ttl, TimeSpan interval) : WordProcessor
{
    private ITimestampedKeyValueStore<object, object> _store = null!;

    protected override void Initialize()
    {
        _store = Context.GetStore<ITimestampedKeyValueStore<object, object>>(storeName);
        Context.Schedule(interval, PunctuationType.StreamTime, Punctuate);
    }

    public override void Process(in Record<object, object> record)
    {
        if (!record.HasKey)
        {
            return;
        }

        _store.Put(record.Key!, record.Value, record.Timestamp);
        Context.Forward(in record);
    }

    private void Punctuate(long now)
    {
        foreach (var (key, row) in _store.All().ToList())
        {
            if (row.Timestamp <= now - ttl)
            {
                _store.Remove(key);
                Context.Forward(new Record<object, object>(key, null, now));
            }
        }
    }
}

internal sealed class TagHeaders : WordProcessor
{
    public override void Process(in Record<object, object> record)
    {
        var seen = record.Headers.TryGetLast("tag", out var tag) && tag is not null
            ? Encoding.UTF8.GetString(tag).ToUpperInvariant()
            : "none";
        Context.Forward(record.WithHeaders(record.Headers.With("seen", Encoding.UTF8.GetBytes(seen))));
    }
}

internal sealed class Retime(long shift) : WordProcessor
{
    public override void Process(in Record<object, object> record) =>
        Context.Forward(record.WithTimestamp(Math.Max(0, record.Timestamp + shift)));
}

internal sealed class GlobalRead(string storeName) : WordProcessor
{
    private IReadOnlyKeyValueStore<object, object> _store = null!;

    protected override void Initialize() => _store = Context.GetStore<IReadOnlyKeyValueStore<object, object>>(storeName);

    public override void Process(in Record<object, object> record)
    {
        object? found = null;
        if (record.HasValue)
        {
            _store.TryGet(record.Value!, out found);
        }

        ForwardValue(in record, $"({Text(record.Value)},{Text(found)})");
    }
}

internal sealed class Clock : WordProcessor
{
    public override void Process(in Record<object, object> record) =>
        ForwardValue(in record, $"{Text(record.Value)}@{Text(Context.StreamTime)}/{Text(Context.WallClock)}");
}

internal sealed class Metadata : WordProcessor
{
    public override void Process(in Record<object, object> record) =>
        ForwardValue(in record, $"{Text(record.Value)}@{Context.Topic}-{Text(Context.Partition)}-{Text(Context.Offset)}");
}

internal sealed class FanOut(int copies) : WordProcessor
{
    public override void Process(in Record<object, object> record)
    {
        for (var i = 0; i < copies; i++)
        {
            Context.Forward(record.WithKey<object>(record.HasKey ? Text(record.Key) + Text(i) : null));
        }
    }
}

internal sealed class Commands(string storeName) : WordProcessor
{
    private IKeyValueStore<object, object> _store = null!;

    protected override void Initialize() => _store = Context.GetStore<IKeyValueStore<object, object>>(storeName);

    public override void Process(in Record<object, object> record)
    {
        if (record.HasKey && record.HasValue)
        {
            ForwardValue(in record, Answer(record.Key!, Text(record.Value).Split('|')));
        }
    }

    private string Answer(object key, string[] words)
    {
        var argument = words.Length > 1 ? words[1] : string.Empty;
        var end = words.Length > 2 ? words[2] : string.Empty;
        switch (words[0])
        {
            case "put":
                _store.Put(key, argument);
                return "ok";
            case "absent":
                return _store.TryAdd(key, argument, out var existing) ? "null" : Text(existing);
            case "delete":
                return _store.Remove(key, out var removed) ? Text(removed) : "null";
            case "get":
                return _store.TryGet(key, out var found) ? Text(found) : "null";
            case "range" or "reverse":
                return Rows(Range(argument, end, words[0] == "reverse"));
            case "all":
                return Rows(_store.All());
            case "prefix":
                return Rows(_store.Prefix(Encoding.UTF8.GetBytes(argument)));
            default:
                return "?";
        }
    }

    private IEnumerable<KeyValuePair<object, object>> Range(string from, string to, bool descending) => (from, to) switch
    {
        ("", "") => _store.All(descending),
        (_, "") => _store.From(from, descending),
        ("", _) => _store.UpTo(to, descending),
        _ => _store.Range(from, to, descending),
    };

    private static string Rows(IEnumerable<KeyValuePair<object, object>> rows) =>
        string.Join(',', rows.Select(r => Text(r.Key) + "=" + Text(r.Value)));
}

internal sealed class NumberValues<TKey>(string storeName) : FixedKeyProcessor<TKey, object, object>
{
    private IKeyValueStore<object, object> _store = null!;

    protected override void Initialize() => _store = Context.GetStore<IKeyValueStore<object, object>>(storeName);

    public override void Process(in Record<TKey, object> record)
    {
        if (!record.HasKey)
        {
            Context.Forward(Text(record.Value) + "#-");
            return;
        }

        var n = _store.TryGet(record.Key!, out var stored) ? (long)stored + 1 : 1L;
        _store.Put(record.Key!, n);
        Context.Forward(Text(record.Value) + "#" + Text(n));
    }
}

internal sealed class Twice<TKey> : FixedKeyProcessor<TKey, object, object>
{
    public override void Process(in Record<TKey, object> record)
    {
        if (record.HasValue)
        {
            Context.Forward(Text(record.Value) + "/1");
            Context.Forward(Text(record.Value) + "/2");
        }
    }
}

/// <summary>Turns keys into objects, for processors behind windows.</summary>
internal sealed class KeysAsObjects<TKey> : Processor<TKey, object, object, object>
{
    public override void Process(in Record<TKey, object> record) => Context.Forward(new Record<object, object>(
        record.HasKey, record.Key, record.HasValue, record.Value, record.Timestamp, record.Headers));
}
