using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// The note committed with an input offset: base64 of a version byte (2), int64 partition time and int32 number of processor entries, each
/// int32 length, name in UTF-8 and int64 value, big-endian. Kafka Streams' layout, so that an application moved here keeps its stream time.
/// The entries are what operators must know after a restart: their stream time, and up to where they have emitted closed windows.
/// </summary>
internal static class CommitMetadata
{
    private const byte Version = 2;

    public static string Write(long partitionTime, IReadOnlyDictionary<string, long>? notes = null)
    {
        using var bytes = new PooledBufferWriter();
        bytes.Write([Version]);
        WriteInt64(bytes, partitionTime);
        WriteInt32(bytes, notes?.Count ?? 0);
        foreach (var (name, value) in notes ?? new Dictionary<string, long>())
        {
            WriteInt32(bytes, Encoding.UTF8.GetByteCount(name));
            bytes.Write(Encoding.UTF8.GetBytes(name));
            WriteInt64(bytes, value);
        }

        return Convert.ToBase64String(bytes.WrittenSpan);
    }

    /// <summary>
    /// Reads the operators' entries of a note; of entries in several notes the greatest counts. Anything else is left out.
    /// </summary>
    public static void ReadNotes(string? metadata, Dictionary<string, long> notes)
    {
        var bytes = new byte[metadata?.Length ?? 0];
        if (bytes.Length == 0 || !Convert.TryFromBase64String(metadata!, bytes, out var length) || bytes[0] != Version)
        {
            return;
        }

        var rest = bytes.AsSpan(0, length);
        if (rest.Length < 1 + sizeof(long) + sizeof(int))
        {
            return;
        }

        rest = rest[(1 + sizeof(long) + sizeof(int))..];
        while (rest.Length > sizeof(int))
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (size < 0 || size > rest.Length - sizeof(int) - sizeof(long))
            {
                return;
            }

            var name = Encoding.UTF8.GetString(rest.Slice(sizeof(int), size));
            var value = BinaryPrimitives.ReadInt64BigEndian(rest[(sizeof(int) + size)..]);
            notes[name] = notes.TryGetValue(name, out var other) ? Math.Max(other, value) : value;
            rest = rest[(sizeof(int) + size + sizeof(long))..];
        }
    }

    private static void WriteInt32(PooledBufferWriter output, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    private static void WriteInt64(PooledBufferWriter output, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    /// <summary>The partition time in a note; -1 when there is none or it is somebody else's.</summary>
    public static long ReadPartitionTime(string? metadata)
    {
        if (string.IsNullOrEmpty(metadata) || metadata.Length > 4096)
        {
            return -1;
        }

        var bytes = new byte[metadata.Length];
        return Convert.TryFromBase64String(metadata, bytes, out var length) && length >= 1 + sizeof(long) && bytes[0] is 1 or Version
            ? BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1))
            : -1;
    }
}
