using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Sql.Formats.Registry;

/// <summary>The five bytes before a body whose schema is in the registry: a zero byte and the 4-byte big-endian schema id.</summary>
internal static class RegistryPrefix
{
    public const int Size = 5;

    public static void Write(IBufferWriter<byte> output, int id)
    {
        var span = output.GetSpan(Size);
        span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], id);
        output.Advance(Size);
    }

    public static int Read(ReadOnlySpan<byte> data, in SerdeContext context) => data.Length >= Size && data[0] == 0
        ? BinaryPrimitives.ReadInt32BigEndian(data[1..])
        : throw new SerializationException($"The {context.Target} of a record of {context.Topic} does not start with a schema id.");
}
