using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;

namespace StreamFlow.Streams.Windows;

/// <summary>The inner key, int64 end, int64 start, big-endian.</summary>
internal sealed class SessionWindowedSerde<TKey>(Serde<TKey> inner) : Serde<Windowed<TKey>>, IWindowedSerde
{
    public int WindowBytes => 2 * sizeof(long);

    public override void Serialize(Windowed<TKey> value, IBufferWriter<byte> output, in SerdeContext context)
    {
        inner.Serialize(value.Key, output, context);
        var span = output.GetSpan(WindowBytes);
        BinaryPrimitives.WriteInt64BigEndian(span, value.Window.End);
        BinaryPrimitives.WriteInt64BigEndian(span[sizeof(long)..], value.Window.Start);
        output.Advance(WindowBytes);
    }

    public override Windowed<TKey> Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        var length = data.Length - WindowBytes;
        if (length < 0)
        {
            throw new SerializationException($"a windowed key of {context.Topic} has {data.Length} bytes, less than its session takes");
        }

        var end = BinaryPrimitives.ReadInt64BigEndian(data[length..]);
        var start = BinaryPrimitives.ReadInt64BigEndian(data[(length + sizeof(long))..]);
        return new(inner.Deserialize(data[..length], context), new Window(start, end));
    }
}
