using System.Buffers.Binary;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// The note committed with an input offset: base64 of a version byte (2), int64 partition time and int32 number of processor entries (none
/// here), big-endian. Kafka Streams' layout, so that an application moved here keeps its stream time.
/// </summary>
internal static class CommitMetadata
{
    private const byte Version = 2;

    public static string Write(long partitionTime)
    {
        Span<byte> bytes = stackalloc byte[1 + sizeof(long) + sizeof(int)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], partitionTime);
        BinaryPrimitives.WriteInt32BigEndian(bytes[(1 + sizeof(long))..], 0);
        return Convert.ToBase64String(bytes);
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
