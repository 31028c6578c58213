using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.State;

/// <summary>
/// How a record of a changelog becomes a row of its store. A changelog has the plain value and carries the row's time as the record's
/// timestamp: timestamped stores keep it in front of the value (int64), versioned ones behind the key (int64), with a byte in front of the
/// value that tells a value (1) from a deletion (0), which is a row too.
/// </summary>
internal static class ChangelogRows
{
    /// <summary>Whether a record without a value is a row.</summary>
    public static bool KeepsDeletions(StoreDescriptor store) => store.Kind == StoreKind.VersionedKeyValue;

    /// <summary>Appends what the row's key has behind the record's.</summary>
    public static void WriteKeySuffix(StoreDescriptor store, long timestamp, PooledBufferWriter key)
    {
        if (store.Kind == StoreKind.VersionedKeyValue)
        {
            ByteKeys.WriteTime(key, timestamp);
        }
    }

    /// <summary>Appends what the row has in front of the record's value.</summary>
    public static void WriteValuePrefix(StoreDescriptor store, bool hasValue, long timestamp, PooledBufferWriter row)
    {
        if (store.IsTimestamped)
        {
            ByteKeys.WriteTime(row, timestamp);
        }
        else if (store.Kind == StoreKind.VersionedKeyValue)
        {
            row.Write([hasValue ? (byte)1 : (byte)0]);
        }
    }

    /// <summary>
    /// The time of a row of a timed store: window keys end in int64 start and int32 sequence, session keys in int64 end and int64 start.
    /// </summary>
    /// <exception cref="StreamsException">The key is too short.</exception>
    public static long TimeOf(StoreDescriptor store, ReadOnlySpan<byte> key)
    {
        var fromEnd = store.Kind == StoreKind.Session ? 2 * sizeof(long) : sizeof(long) + sizeof(int);
        return key.Length >= fromEnd
            ? BinaryPrimitives.ReadInt64BigEndian(key[^fromEnd..])
            : throw new StreamsException(
                $"the changelog of {store.Kind} store '{store.Name}' has a key of {key.Length} bytes, which is too short; "
                + "was the topic written by another kind of store?");
    }
}
