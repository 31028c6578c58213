using System.Reflection;

namespace StreamFlow.Protocol.Tests.Support;

/// <summary>Encodes and decodes messages of which only the name is known.</summary>
internal static class Codec
{
    private delegate object ReadDelegate(ref ProtocolReader reader, short version);

    public static byte[] Encode(IVersioned message, short version)
    {
        using var buffer = new FrameBuffer(16);
        var writer = new ProtocolWriter(buffer);
        message.Write(ref writer, version);
        return buffer.ToArray();
    }

    /// <summary>Decodes all of <paramref name="bytes"/>; <paramref name="remaining"/> are those that the message did not want.</summary>
    public static IVersioned Decode(Type type, ReadOnlyMemory<byte> bytes, short version, out int remaining)
    {
        var read = type.GetMethod("Read", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<ReadDelegate>();
        var reader = new ProtocolReader(bytes, type.Name);
        var message = (IVersioned)read(ref reader, version);
        remaining = reader.Remaining;
        return message;
    }
}
