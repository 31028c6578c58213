using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.State.Joins;

/// <summary>Opens the buffer of a stream-table join with a grace period.</summary>
internal sealed class JoinBufferBuilder<TKey, TValue>(StoreDescriptor descriptor, Serde<TKey> keySerde, Serde<TValue> valueSerde)
    : StoreBuilder(descriptor, TypePair.Of<TKey, TValue>())
{
    internal override StateStore Open(TaskContext context) => new JoinBuffer<TKey, TValue>(
        Descriptor,
        new StoreSerdes<TKey, TValue>(keySerde, valueSerde, context.ChangelogTopic(Descriptor)),
        context.State.OpenBytes(Descriptor),
        Descriptor.IsLogged ? context.State.OpenChangelog(Descriptor) : null);
}
