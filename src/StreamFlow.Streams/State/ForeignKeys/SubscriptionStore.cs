using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors.ForeignKeys;

namespace StreamFlow.Streams.State.ForeignKeys;

/// <summary>
/// Which left rows of a foreign-key join have subscribed to which right row. Row: int32 length of the foreign key, foreign key, primary key
/// to the subscription as <see cref="SubscriptionSerde{TKey}"/> writes it. The subscribers of a right row are one range of keys.
/// </summary>
internal sealed class SubscriptionStore<TForeignKey, TKey>(
    StoreDescriptor descriptor,
    Serde<TForeignKey> foreignKeySerde,
    Serde<TKey> keySerde,
    string subscriptionTopic,
    IBytesStore bytes,
    IChangelogWriter? changelog)
    : StateStore(descriptor)
{
    private readonly SubscriptionSerde<TKey> _serde = new(keySerde);
    private readonly SerdeContext _foreignKey = SerdeContext.ForKey(subscriptionTopic + "-fk");
    private readonly SerdeContext _primaryKey = SerdeContext.ForKey(subscriptionTopic + "-pk");
    private readonly SerdeContext _subscription = SerdeContext.ForValue(subscriptionTopic);
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();

    /// <summary>Remembers a subscription, or forgets it.</summary>
    /// <param name="foreignKey">The right row's key.</param>
    /// <param name="subscription">What the left row said.</param>
    /// <param name="isDelete">Whether to forget it.</param>
    /// <param name="timestamp">The time of the record that said so, in ms.</param>
    /// <param name="headers">Its headers.</param>
    public void Set(TForeignKey foreignKey, in Subscription<TKey> subscription, bool isDelete, long timestamp, Headers headers)
    {
        WriteForeignKey(foreignKey);
        var primaryKeyAt = _key.WrittenCount;
        keySerde.Serialize(subscription.PrimaryKey, _key, _primaryKey);
        if (isDelete)
        {
            bytes.Delete(_key.WrittenSpan);
            changelog?.Append(_key.WrittenSpan, false, default, timestamp, headers);
            return;
        }

        _value.Clear();
        SubscriptionSerde<TKey>.WriteHeader(subscription.Instruction, subscription.Hash, _value);
        _value.Write(_key.WrittenSpan[primaryKeyAt..]);
        SubscriptionSerde<TKey>.WritePartition(subscription.PrimaryPartition, _value);
        bytes.Put(_key.WrittenSpan, _value.WrittenSpan);
        changelog?.Append(_key.WrittenSpan, true, _value.WrittenSpan, timestamp, headers);
    }

    /// <summary>The rows of a right row's subscribers, in order of their keys' bytes; <see cref="Read"/> reads their values.</summary>
    public IBytesIterator Subscribers(TForeignKey foreignKey)
    {
        WriteForeignKey(foreignKey);
        return bytes.Range(_key.WrittenSpan, ByteKeys.AfterPrefix(_key.WrittenSpan));
    }

    /// <summary>Reads the value of a row.</summary>
    public Subscription<TKey> Read(ReadOnlySpan<byte> row) => _serde.Deserialize(row, in _subscription);

    /// <summary>Nothing waits here: rows are written as they change.</summary>
    public override void Flush()
    {
    }

    public override void Dispose()
    {
        _key.Dispose();
        _value.Dispose();
        bytes.Dispose();
    }

    private void WriteForeignKey(TForeignKey foreignKey)
    {
        _key.Clear();
        _key.GetSpan(sizeof(int));
        _key.Advance(sizeof(int));
        foreignKeySerde.Serialize(foreignKey, _key, in _foreignKey);
        BinaryPrimitives.WriteInt32BigEndian(_key.WrittenSpanForPatch, _key.WrittenCount - sizeof(int));
    }
}
