using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol;

/// <summary>
/// Values that carry their version in front (<c>int16 version, fields</c>): the subscriptions and assignments that group members exchange,
/// and the values of coordinator records. Keys of coordinator records carry their record type instead.
/// </summary>
public static class VersionedBytes
{
    /// <summary>Encodes a value behind its version.</summary>
    /// <exception cref="ProtocolException">A field is set that <paramref name="version"/> lacks.</exception>
    public static byte[] Write(IVersioned value, short version)
    {
        using var buffer = new FrameBuffer();
        var writer = new ProtocolWriter(buffer);
        writer.WriteInt16(version);
        value.Write(ref writer, version);
        return buffer.ToArray();
    }

    /// <summary>Decodes a value. A version newer than any known is read as the newest: later ones only add fields at the end.</summary>
    /// <exception cref="ProtocolException">The bytes are malformed.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes)
        where T : IVersioned<T>, new()
    {
        var reader = new ProtocolReader(bytes, typeof(T).Name);
        var version = reader.ReadInt16();
        return T.Read(ref reader, Math.Min(version, new T().HighestVersion));
    }

    /// <summary>Encodes the key of a coordinator record behind its type.</summary>
    public static byte[] WriteKey(IRecordKey key)
    {
        using var buffer = new FrameBuffer();
        var writer = new ProtocolWriter(buffer);
        writer.WriteInt16(key.RecordType);
        key.Write(ref writer, 0);
        return buffer.ToArray();
    }

    /// <summary>The type that leads the key of a coordinator record.</summary>
    /// <exception cref="ProtocolException">The key is shorter than its type.</exception>
    public static short ReadRecordType(ReadOnlyMemory<byte> key) => new ProtocolReader(key, "record key").ReadInt16();

    /// <summary>Decodes the key of a coordinator record.</summary>
    /// <exception cref="ProtocolException">The key is of another type, or the bytes are malformed.</exception>
    public static T ReadKey<T>(ReadOnlyMemory<byte> key)
        where T : IRecordKey, IVersioned<T>, new()
    {
        var reader = new ProtocolReader(key, typeof(T).Name);
        var type = reader.ReadInt16();
        return type == new T().RecordType ? T.Read(ref reader, 0) : throw reader.Malformed($"a record key of type {type} is not this one");
    }
}
