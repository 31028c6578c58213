using System.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>
/// The list that says which message of a definition follows: a zigzag count and that many zigzag indexes; the single byte 0 stands for
/// the first message. Which message is read follows from the format, so only the length matters.
/// </summary>
internal static class ProtoIndexes
{
    public static void Write(IBufferWriter<byte> output, int index)
    {
        var o = new ProtoOutput(output);
        if (index == 0)
        {
            o.Varint(0);
        }
        else
        {
            o.Varint(1 << 1);
            o.Varint((ulong)index << 1);
        }
    }

    public static int Length(ReadOnlySpan<byte> data)
    {
        var input = new ProtoInput(data);
        var count = input.Varint() >> 1;
        if (count > (ulong)data.Length)
        {
            throw new SerializationException($"A Protobuf message index of {count} levels does not fit into {data.Length} bytes.");
        }

        for (var i = 0UL; i < count; i++)
        {
            input.Varint();
        }

        return input.Position;
    }
}
