using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;

namespace StreamFlow.Streams.Windows;

/// <summary>The inner key, int64 start, big-endian. An unlimited window's end does not overflow.</summary>
internal sealed class TimeWindowedSerde<TKey>(Serde<TKey> inner, long sizeMs) : Serde<Windowed<TKey>>, IWindowedSerde
{
    public int WindowBytes => sizeof(long);

    public override void Serialize(Windowed<TKey> value, IBufferWriter<byte> output, in SerdeContext context)
    {
        inner.Serialize(value.Key, output, context);
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), value.Window.Start);
        output.Advance(sizeof(long));
    }

    public override Windowed<TKey> Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        var length = data.Length - sizeof(long);
        if (length < 0)
        {
            throw new SerializationException($"a windowed key of {context.Topic} has {data.Length} bytes, less than its window takes");
        }

        var start = BinaryPrimitives.ReadInt64BigEndian(data[length..]);
        var end = start > long.MaxValue - sizeMs ? long.MaxValue : start + sizeMs;
        return new(inner.Deserialize(data[..length], context), new Window(start, end));
    }
}
