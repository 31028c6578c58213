using System.Buffers;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>
/// An answer in its topic, Kafka Streams' version 0: <see cref="HashedHeader"/>, then the right value; no bytes mean none.
/// </summary>
internal sealed class SubscriptionResponseSerde<TForeign>(Serde<TForeign> valueSerde) : Serde<SubscriptionResponse<TForeign>>
{
    private const byte Version = 0;

    public override void Serialize(SubscriptionResponse<TForeign> value, IBufferWriter<byte> output, in SerdeContext context)
    {
        output.GetSpan(1)[0] = HashedHeader.First(Version, value.Hash);
        output.Advance(1);
        HashedHeader.WriteHash(value.Hash, output);
        if (value.HasValue)
        {
            valueSerde.Serialize(value.Value!, output, context);
        }
    }

    public override SubscriptionResponse<TForeign> Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        HashedHeader.ReadVersion(ref data, Version, context.Topic, out var hasHash);
        var hash = HashedHeader.ReadHash(ref data, hasHash, context.Topic);
        return data.IsEmpty ? new(hash, false, default, -1) : new(hash, true, valueSerde.Deserialize(data, context), -1);
    }
}
