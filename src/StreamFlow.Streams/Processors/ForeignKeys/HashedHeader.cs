using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using StreamFlow.Core.Errors;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>
/// How messages of foreign-key joins begin and go on: byte version, with bit 0x80 set when there is no hash; for subscriptions a byte
/// instruction; int64 high and int64 low half of the hash, big-endian.
/// </summary>
internal static class HashedHeader
{
    public const int HashLength = 16;
    private const byte NoHash = 0x80;

    /// <summary>The first byte.</summary>
    public static byte First(byte version, UInt128? hash) => hash is null ? (byte)(version | NoHash) : version;

    public static void WriteHash(UInt128? hash, IBufferWriter<byte> output)
    {
        if (hash is { } present)
        {
            BinaryPrimitives.WriteUInt128BigEndian(output.GetSpan(HashLength), present);
            output.Advance(HashLength);
        }
    }

    /// <summary>Takes the version off.</summary>
    /// <param name="data">The message; what follows the first byte afterwards.</param>
    /// <param name="newest">The newest version that is known.</param>
    /// <param name="topic">Where it comes from.</param>
    /// <param name="hasHash">Whether a hash follows.</param>
    public static byte ReadVersion(ref ReadOnlySpan<byte> data, byte newest, string topic, out bool hasHash)
    {
        var first = data.IsEmpty ? throw Malformed(topic) : data[0];
        hasHash = (first & NoHash) == 0;
        var version = (byte)(first & ~NoHash);
        data = data[1..];
        return version <= newest
            ? version
            : throw new SerializationException(
                $"a message in {topic} has version {version}, the newest known one is {newest}; upgrade this instance first");
    }

    public static UInt128? ReadHash(ref ReadOnlySpan<byte> data, bool hasHash, string topic)
    {
        if (!hasHash)
        {
            return null;
        }

        if (data.Length < HashLength)
        {
            ThrowMalformed(topic);
        }

        var hash = BinaryPrimitives.ReadUInt128BigEndian(data);
        data = data[HashLength..];
        return hash;
    }

    [DoesNotReturn]
    public static void ThrowMalformed(string topic) => throw Malformed(topic);

    private static SerializationException Malformed(string topic) => new($"a message in {topic} is not one of a foreign-key join");
}
