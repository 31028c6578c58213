using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>
/// A row of a suppress buffer in its changelog, Kafka Streams' version 3, big-endian:
/// record context (int64 timestamp, int64 offset, int32 length and topic, int32 partition, int32 count of headers, each int32 length and
/// name, int32 length or -1 and value); then prior, old and new value, each int32 length (-1 = null; old: -2 = same as prior) and bytes;
/// then int64 buffer time.
/// </summary>
internal static class BufferRowFormat
{
    /// <summary>Says which layout a changelog record has.</summary>
    public static readonly Headers VersionHeader = new([new Header("v", [3])]);

    private const int Null = -1;
    private const int SameAsPrior = -2;

    public static void Write<TKey, TValue>(
        in BufferedRow<TKey, TValue> row, long time, StoreSerdes<TKey, TValue> serdes, PooledBufferWriter output)
    {
        using var scratch = new PooledBufferWriter();
        output.Clear();
        ByteKeys.WriteTime(output, row.Timestamp);
        ByteKeys.WriteTime(output, row.Position.Offset);
        WriteBytes(output, true, Encoding.UTF8.GetBytes(row.Position.Topic ?? string.Empty));
        WriteInt(output, row.Position.Partition);
        WriteInt(output, row.Headers.Count);
        foreach (ref readonly var header in row.Headers.AsSpan())
        {
            WriteBytes(output, true, Encoding.UTF8.GetBytes(header.Key));
            WriteBytes(output, header.Value is not null, header.Value);
        }

        var prior = row.HasPrior ? Bytes(row.Prior!) : null;
        var old = row.Change.HasOld ? Bytes(row.Change.Old!) : null;
        WriteBytes(output, prior is not null, prior);
        if (old is not null && prior is not null && old.AsSpan().SequenceEqual(prior))
        {
            WriteInt(output, SameAsPrior);
        }
        else
        {
            WriteBytes(output, old is not null, old);
        }

        WriteBytes(output, row.Change.HasNew, row.Change.HasNew ? Bytes(row.Change.New!) : null);
        ByteKeys.WriteTime(output, time);

        byte[] Bytes(TValue value)
        {
            serdes.WriteValue(value, 0, false, scratch);
            return scratch.WrittenSpan.ToArray();
        }
    }

    public static BufferedRow<TKey, TValue> Read<TKey, TValue>(
        TKey key, ReadOnlySpan<byte> data, StoreSerdes<TKey, TValue> serdes, out long time)
    {
        var at = 0;
        var timestamp = ReadLong(data, ref at);
        var offset = ReadLong(data, ref at);
        var topic = Encoding.UTF8.GetString(ReadBytes(data, ref at, out _));
        var partition = ReadInt(data, ref at);
        var count = ReadInt(data, ref at);
        var headers = new List<Header>();
        for (var i = 0; i < count; i++)
        {
            var name = Encoding.UTF8.GetString(ReadBytes(data, ref at, out _));
            var value = ReadBytes(data, ref at, out var length);
            headers.Add(new Header(name, length == Null ? null : value.ToArray()));
        }

        var prior = ReadBytes(data, ref at, out var priorLength);
        var old = ReadBytes(data, ref at, out var oldLength);
        var next = ReadBytes(data, ref at, out var newLength);
        time = ReadLong(data, ref at);
        var priorValue = priorLength == Null ? default : serdes.ReadValue(prior, false, out _);
        var oldValue = oldLength == Null ? default : oldLength == SameAsPrior ? priorValue : serdes.ReadValue(old, false, out _);
        var newValue = newLength == Null ? default : serdes.ReadValue(next, false, out _);
        var kept = new Headers([.. headers]);
        return new BufferedRow<TKey, TValue>
        {
            Key = key,
            Change = new Change<TValue>(newLength != Null, newValue, oldLength != Null, oldValue),
            HasPrior = priorLength != Null,
            Prior = priorValue,
            Timestamp = timestamp,
            Headers = kept,
            Position = new RecordPosition(topic.Length == 0 ? null : topic, partition, offset, kept),
        };
    }

    private static void WriteInt(PooledBufferWriter output, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    private static void WriteBytes(PooledBufferWriter output, bool exists, ReadOnlySpan<byte> value)
    {
        WriteInt(output, exists ? value.Length : Null);
        output.Write(value);
    }

    private static long ReadLong(ReadOnlySpan<byte> data, ref int at)
    {
        Check(data, at, sizeof(long));
        at += sizeof(long);
        return BinaryPrimitives.ReadInt64BigEndian(data[(at - sizeof(long))..]);
    }

    private static int ReadInt(ReadOnlySpan<byte> data, ref int at)
    {
        Check(data, at, sizeof(int));
        at += sizeof(int);
        return BinaryPrimitives.ReadInt32BigEndian(data[(at - sizeof(int))..]);
    }

    private static ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> data, ref int at, out int length)
    {
        length = ReadInt(data, ref at);
        if (length < 0)
        {
            return [];
        }

        Check(data, at, length);
        at += length;
        return data.Slice(at - length, length);
    }

    private static void Check(ReadOnlySpan<byte> data, int at, int length)
    {
        if (length > data.Length - at)
        {
            throw new SerializationException("a row of a suppress buffer ends early");
        }
    }
}
