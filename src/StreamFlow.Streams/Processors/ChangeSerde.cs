using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// A table's change in a repartition topic, Kafka Streams' layout; the flag is the last byte:
/// 0 = old; 1 = new; 2 = zigzag varint length of new, new, old. 3, 4 and 5 are the same with a byte for "latest" before the flag.
/// </summary>
internal sealed class ChangeSerde<TValue>(Serde<TValue> inner) : Serde<Change<TValue>>
{
    private const byte OldOnly = 0;
    private const byte NewOnly = 1;
    private const byte Both = 2;
    private const byte WithLatest = 3;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _new;

    public override void Serialize(Change<TValue> value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var flag = value.HasNew ? value.HasOld ? Both : NewOnly : OldOnly;
        if (flag == Both)
        {
            var buffer = _new ??= new ArrayBufferWriter<byte>();
            buffer.ResetWrittenCount();
            inner.Serialize(value.New!, buffer, context);
            output.Advance(Varint.WriteInt32(output.GetSpan(Varint.MaxLength32), buffer.WrittenCount));
            output.Write(buffer.WrittenSpan);
        }
        else if (value.HasNew)
        {
            inner.Serialize(value.New!, output, context);
        }

        if (value.HasOld)
        {
            inner.Serialize(value.Old!, output, context);
        }

        output.Write([flag]);
    }

    public override Change<TValue> Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        if (data.IsEmpty)
        {
            throw Malformed(in context);
        }

        var flag = data[^1];
        data = data[..^1];
        var isLatest = true;
        if (flag >= WithLatest && !data.IsEmpty)
        {
            isLatest = data[^1] != 0;
            data = data[..^1];
            flag -= WithLatest;
        }

        switch (flag)
        {
            case OldOnly:
                return new(false, default, true, inner.Deserialize(data, context), isLatest);
            case NewOnly:
                return new(true, inner.Deserialize(data, context), false, default, isLatest);
            case Both:
                var position = 0;
                if (!Varint.TryReadInt32(data, ref position, out var length) || length < 0 || length > data.Length - position)
                {
                    throw Malformed(in context);
                }

                var newValue = inner.Deserialize(data.Slice(position, length), context);
                return new(true, newValue, true, inner.Deserialize(data[(position + length)..], context), isLatest);
            default:
                throw Malformed(in context);
        }
    }

    private static SerializationException Malformed(in SerdeContext context) => new($"a value of {context.Topic} is not a table's change");
}
