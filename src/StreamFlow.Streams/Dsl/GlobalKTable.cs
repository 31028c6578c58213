using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Dsl;

/// <summary>
/// A table that every instance keeps whole, so that a stream can be joined with it by any key and whatever its partitions. It is filled
/// before the first record of a stream is processed and follows its topic from then on, without regard to the streams' time.
/// </summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed class GlobalKTable<TKey, TValue>
{
    internal GlobalKTable(string storeName, string nodeName, Serde<TKey>? keySerde, Serde<TValue>? valueSerde)
    {
        StoreName = storeName;
        NodeName = nodeName;
        KeySerde = keySerde;
        ValueSerde = valueSerde;
    }

    /// <summary>The name of the table's store.</summary>
    public string StoreName { get; }

    internal string NodeName { get; }

    internal Serde<TKey>? KeySerde { get; }

    internal Serde<TValue>? ValueSerde { get; }

    internal ITableReader<TKey, TValue> CreateReader(TaskContext context) =>
        new StoreTableReader<TKey, TValue>(context.GetStore<State.TableStore<TKey, TValue>>(StoreName));
}
