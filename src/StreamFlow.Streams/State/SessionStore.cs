using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using StreamFlow.Core.Buffers;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>
/// (Key, session) to value. The sessions of a key are cached together as a list by (end, start), read from the bytes store at the
/// key's first touch; changed sessions are written down once per flush. Store keys are Kafka Streams': key, int64 end, int64 start.
/// </summary>
internal sealed class SessionStore<TKey, TValue> : StateStore, ISessionStore<TKey, TValue>
{
    /// <summary>Bytes behind the key: end and start.</summary>
    private const int SuffixLength = 2 * sizeof(long);

    private readonly StoreSerdes<TKey, TValue> _serdes;
    private readonly ITimedBytesStore _bytes;
    private readonly IChangelogWriter? _changelog;
    private readonly CacheRoom _room;
    private readonly Dictionary<TKey, List<Session>> _keys;
    private readonly TaskContext _context;
    private readonly OrderedDictionary<Windowed<TKey>, Change> _dirty;
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();
    private long _observed = -1;

    public SessionStore(
        StoreDescriptor descriptor,
        StoreSerdes<TKey, TValue> serdes,
        ITimedBytesStore bytes,
        IChangelogWriter? changelog,
        TaskContext context)
        : base(descriptor)
    {
        _serdes = serdes;
        _bytes = bytes;
        _changelog = changelog;
        _room = new CacheRoom(context.Options);
        _context = context;
        var comparer = KeyComparers.For(serdes.KeySerde);
        _keys = new(comparer);
        _dirty = new(comparer is null ? null : new WindowedComparer<TKey>(comparer));
    }

    /// <summary>Newest end ever put, in ms; -1 before the first.</summary>
    public long Observed => Math.Max(_observed, _bytes.NewestTime);

    /// <summary>Sessions with an earlier end are not seen any more.</summary>
    public long VisibleFrom => Math.Max(0, Observed - Descriptor.RetentionMs + 1);

    /// <summary>Sessions from this end on are kept even when they are not visible any more; for those that wait to be emitted.</summary>
    public long KeepFrom { get; set; } = long.MaxValue;

    public void Put(Windowed<TKey> session, TValue? value)
    {
        if (value is null)
        {
            Remove(session);
            return;
        }

        _observed = Math.Max(_observed, session.Window.End);
        var list = Load(session.Key);
        var index = IndexOf(list, session.Window);
        var row = new Session(session.Window, value);
        if (index >= 0)
        {
            list[index] = row;
        }
        else
        {
            list.Insert(~index, row);
        }

        _dirty[session] = new(true, _context.RecordTime);
    }

    public void Remove(Windowed<TKey> session)
    {
        _observed = Math.Max(_observed, session.Window.End);
        var list = Load(session.Key);
        var index = IndexOf(list, session.Window);
        if (index >= 0)
        {
            list.RemoveAt(index);
        }

        _dirty[session] = new(false, _context.RecordTime);
    }

    public bool TryFetch(Windowed<TKey> session, [MaybeNullWhen(false)] out TValue value)
    {
        var list = Load(session.Key);
        var index = IndexOf(list, session.Window);
        value = index >= 0 ? list[index].Value : default;
        return index >= 0;
    }

    public IReadOnlyList<WindowRow<TKey, TValue>> FindSessions(TKey key, long earliestEnd, long latestStart)
    {
        List<WindowRow<TKey, TValue>>? found = null;
        var from = Math.Max(earliestEnd, VisibleFrom);
        foreach (var session in Load(key))
        {
            if (session.Window.End >= from && session.Window.Start <= latestStart)
            {
                (found ??= []).Add(new(new(key, session.Window), session.Value, session.Window.End));
            }
        }

        return (IReadOnlyList<WindowRow<TKey, TValue>>?)found ?? [];
    }

    public IEnumerable<WindowRow<TKey, TValue>> All() => Rows().Where(r => r.Key.Window.End >= VisibleFrom);

    /// <summary>All sessions, whether visible or not.</summary>
    public IEnumerable<WindowRow<TKey, TValue>> Rows()
    {
        Flush();
        using var rows = _bytes.Range([], [], 0, long.MaxValue);
        while (rows.MoveNext())
        {
            var window = ReadWindow(rows.Key);
            yield return new(
                new(_serdes.ReadKey(rows.Key[..^SuffixLength]), window), _serdes.ReadValue(rows.Value, false, out _), window.End);
        }
    }

    /// <summary>The bytes of a key, as they order rows of the same time.</summary>
    public byte[] KeyBytes(TKey key)
    {
        _serdes.WriteKey(key, _key);
        return _key.WrittenSpan.ToArray();
    }

    public override void Flush()
    {
        foreach (var (session, change) in _dirty)
        {
            Write(session, change);
        }

        _dirty.Clear();
        if (_room.ShouldYield())
        {
            _keys.Clear();
            _keys.TrimExcess();
            _room.Empty();
        }

        _bytes.ExpireBefore(Math.Min(VisibleFrom, KeepFrom));
    }

    public override void Dispose()
    {
        _room.Dispose();
        _key.Dispose();
        _value.Dispose();
        _bytes.Dispose();
    }

    private static Window ReadWindow(ReadOnlySpan<byte> key) => new(
        BinaryPrimitives.ReadInt64BigEndian(key[^sizeof(long)..]), BinaryPrimitives.ReadInt64BigEndian(key[^SuffixLength..]));

    private static int IndexOf(List<Session> list, Window window)
    {
        var (low, high) = (0, list.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var other = list[middle].Window;
            var order = other.End != window.End ? other.End.CompareTo(window.End) : other.Start.CompareTo(window.Start);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private List<Session> Load(TKey key)
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out var exists);
        if (!exists)
        {
            if (_keys.Count > _room.Rows && !_room.TryGrow())
            {
                Flush();
                _keys.Clear();
                _room.Empty();
                list = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
            }

            list = Read(key);
        }

        var expired = Math.Min(VisibleFrom, KeepFrom);
        while (list!.Count > 0 && list[0].Window.End < expired)
        {
            list.RemoveAt(0);
        }

        return list;
    }

    private List<Session> Read(TKey key)
    {
        _serdes.WriteKey(key, _key);
        var prefix = _key.WrittenSpan.ToArray();
        var list = new List<Session>();
        using var rows = _bytes.Range(prefix, ByteKeys.AfterPrefix(prefix), 0, long.MaxValue);
        while (rows.MoveNext())
        {
            if (rows.Key.Length == prefix.Length + SuffixLength)
            {
                list.Add(new(ReadWindow(rows.Key), _serdes.ReadValue(rows.Value, false, out _)));
            }
        }

        return list;
    }

    private void Write(in Windowed<TKey> session, Change change)
    {
        _serdes.WriteKey(session.Key, _key);
        ByteKeys.WriteTime(_key, session.Window.End);
        ByteKeys.WriteTime(_key, session.Window.Start);
        var time = session.Window.End;
        if (!change.IsThere)
        {
            _bytes.Delete(_key.WrittenSpan, time);
            _changelog?.Append(_key.WrittenSpan, false, default, change.RecordTime);
            return;
        }

        // Expired sessions are gone from the cache, and from the bytes store for that matter.
        if (_keys.TryGetValue(session.Key, out var list) && IndexOf(list, session.Window) is >= 0 and var index)
        {
            _serdes.WriteValue(list[index].Value, 0, false, _value);
            _bytes.Put(_key.WrittenSpan, time, _value.WrittenSpan);
            _room.Measure(_key.WrittenCount + _value.WrittenCount);
            _changelog?.Append(_key.WrittenSpan, true, _value.WrittenSpan, change.RecordTime);
        }
    }

    /// <summary>What became of a session since the last flush, and the time of the record that did it.</summary>
    private readonly record struct Change(bool IsThere, long RecordTime);

    private readonly record struct Session(Window Window, TValue Value);
}
