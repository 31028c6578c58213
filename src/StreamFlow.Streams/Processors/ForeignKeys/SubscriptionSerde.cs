using System.Buffers;
using System.Buffers.Binary;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>
/// A subscription in its topic and in its store's changelog, Kafka Streams' version 1: <see cref="HashedHeader"/> with the instruction, the
/// bytes of the primary key, int32 primary partition. Version 0 lacks the partition.
/// </summary>
/// <remarks>Serdes of keys are told the topic's name with <c>-pk</c>, so that registries of schemas keep them apart.</remarks>
internal sealed class SubscriptionSerde<TKey>(Serde<TKey> keySerde) : Serde<Subscription<TKey>>
{
    private const byte Version = 1;

    private PseudoTopic _topic = new(string.Empty, "-pk");

    public override void Serialize(Subscription<TKey> value, IBufferWriter<byte> output, in SerdeContext context)
    {
        WriteHeader(value.Instruction, value.Hash, output);
        keySerde.Serialize(value.PrimaryKey, output, PseudoTopic.ContextOf(ref _topic, in context));
        WritePartition(value.PrimaryPartition, output);
    }

    public override Subscription<TKey> Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        var version = HashedHeader.ReadVersion(ref data, Version, context.Topic, out var hasHash);
        var instruction = data.IsEmpty ? byte.MaxValue : data[0];
        if (instruction > (byte)SubscriptionInstruction.PropagateOnlyIfForeignValue)
        {
            HashedHeader.ThrowMalformed(context.Topic);
        }

        data = data[1..];
        var hash = HashedHeader.ReadHash(ref data, hasHash, context.Topic);
        var partition = -1;
        if (version > 0)
        {
            if (data.Length < sizeof(int))
            {
                HashedHeader.ThrowMalformed(context.Topic);
            }

            partition = BinaryPrimitives.ReadInt32BigEndian(data[^sizeof(int)..]);
            data = data[..^sizeof(int)];
        }

        var key = keySerde.Deserialize(data, PseudoTopic.ContextOf(ref _topic, in context));
        return new((SubscriptionInstruction)instruction, hash, key, partition);
    }

    public static void WriteHeader(SubscriptionInstruction instruction, UInt128? hash, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(2);
        span[0] = HashedHeader.First(Version, hash);
        span[1] = (byte)instruction;
        output.Advance(2);
        HashedHeader.WriteHash(hash, output);
    }

    public static void WritePartition(int partition, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), partition);
        output.Advance(sizeof(int));
    }
}
