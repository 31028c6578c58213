using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Streams.State;

/// <summary>
/// Key to its versions, oldest first. The versions of a key are cached as one list; versions changed since the last flush are written
/// down once each. Rows of the bytes store: key, int64 valid-from (big-endian) to one byte (1 value, 0 deleted) and the value. So a
/// changelog record (key, value, timestamp) is restored by one put, whatever its order.
/// </summary>
internal sealed class VersionedStore<TKey, TValue>(
    StoreDescriptor descriptor, StoreSerdes<TKey, TValue> serdes, IBytesStore bytes, IChangelogWriter? changelog, CacheRoom room)
    : StateStore(descriptor), IVersionedKeyValueStore<TKey, TValue>
{
    private readonly Dictionary<TKey, List<Version>> _keys = new(KeyComparers.For(serdes.KeySerde));
    private readonly List<(TKey Key, long From)> _dirty = [];
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();

    /// <summary>Newest time ever put, in ms; -1 before the first. Decides which versions are too old.</summary>
    public long NewestTime { get; set; } = -1;

    bool IVersionedKeyValueStore<TKey, TValue>.Put(TKey key, TValue? value, long timestamp) =>
        Put(key, value is not null, value, timestamp) != VersionedPut.TooOld;

    /// <summary>Inserts a version, or replaces the one of the same time.</summary>
    public VersionedPut Put(TKey key, bool hasValue, TValue? value, long timestamp)
    {
        if (timestamp < NewestTime - Descriptor.RetentionMs)
        {
            return VersionedPut.TooOld;
        }

        NewestTime = Math.Max(NewestTime, timestamp);
        var versions = Load(key);
        var index = versions.Count;
        while (index > 0 && versions[index - 1].From > timestamp)
        {
            index--;
        }

        var version = new Version(timestamp, hasValue, value);
        if (index > 0 && versions[index - 1].From == timestamp)
        {
            versions[--index] = version;
        }
        else
        {
            versions.Insert(index, version);
        }

        _dirty.Add((key, timestamp));
        var isLatest = index == versions.Count - 1;
        Forget(key, versions);
        return isLatest ? VersionedPut.Latest : VersionedPut.Past;
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out ValueAndTimestamp<TValue> version) =>
        TryGetAsOf(key, long.MaxValue, out version);

    public bool TryGetAsOf(TKey key, long asOf, [MaybeNullWhen(false)] out ValueAndTimestamp<TValue> version)
    {
        var versions = Load(key);
        var onlyLatest = asOf < NewestTime - Descriptor.RetentionMs;
        for (var i = versions.Count - 1; i >= 0; i--)
        {
            if (versions[i].From <= asOf)
            {
                version = new(versions[i].Value!, versions[i].From);
                return versions[i].HasValue;
            }

            if (onlyLatest)
            {
                break;
            }
        }

        version = default;
        return false;
    }

    public override void Flush()
    {
        foreach (var (key, from) in _dirty)
        {
            if (_keys.TryGetValue(key, out var versions) && versions.FindIndex(v => v.From == from) is >= 0 and var index)
            {
                Write(key, versions[index]);
            }
        }

        _dirty.Clear();
        if (room.ShouldYield())
        {
            _keys.Clear();
            _keys.TrimExcess();
            room.Empty();
        }
    }

    public override void Dispose()
    {
        room.Dispose();
        _key.Dispose();
        _value.Dispose();
        bytes.Dispose();
    }

    private void Write(TKey key, in Version version)
    {
        serdes.WriteKey(key, _key);
        var keyLength = _key.WrittenCount;
        ByteKeys.WriteTime(_key, version.From);
        using var row = new PooledBufferWriter();
        row.Write([version.HasValue ? (byte)1 : (byte)0]);
        if (version.HasValue)
        {
            serdes.WriteValue(version.Value!, 0, false, _value);
            row.Write(_value.WrittenSpan);
        }

        bytes.Put(_key.WrittenSpan, row.WrittenSpan);
        room.Measure(_key.WrittenCount + row.WrittenCount);
        changelog?.Append(_key.WrittenSpan[..keyLength], version.HasValue, version.HasValue ? _value.WrittenSpan : default, version.From);
    }

    /// <summary>Drops versions that were over before the history begins.</summary>
    private void Forget(TKey key, List<Version> versions)
    {
        var begin = NewestTime - Descriptor.RetentionMs;
        while (versions.Count > 1 && versions[1].From <= begin)
        {
            serdes.WriteKey(key, _key);
            ByteKeys.WriteTime(_key, versions[0].From);
            bytes.Delete(_key.WrittenSpan);
            versions.RemoveAt(0);
        }
    }

    private List<Version> Load(TKey key)
    {
        ref var versions = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out var exists);
        if (!exists)
        {
            if (_keys.Count > room.Rows && !room.TryGrow())
            {
                Flush();
                _keys.Clear();
                room.Empty();
                versions = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
            }

            versions = Read(key);
        }

        return versions!;
    }

    private List<Version> Read(TKey key)
    {
        serdes.WriteKey(key, _key);
        var prefix = _key.WrittenSpan.ToArray();
        var versions = new List<Version>();
        using var rows = bytes.Range(prefix, ByteKeys.AfterPrefix(prefix));
        while (rows.MoveNext())
        {
            if (rows.Key.Length == prefix.Length + sizeof(long))
            {
                var from = BinaryPrimitives.ReadInt64BigEndian(rows.Key[prefix.Length..]);
                var hasValue = rows.Value[0] != 0;
                versions.Add(new(from, hasValue, hasValue ? serdes.ReadValue(rows.Value[1..], false, out _) : default));
                NewestTime = Math.Max(NewestTime, from);
            }
        }

        return versions;
    }

    private readonly record struct Version(long From, bool HasValue, TValue? Value);
}
