using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.State.Joins;

/// <summary>Opens the store of one side of a stream-stream join.</summary>
internal sealed class JoinWindowBuilder<TKey, TValue>(StoreDescriptor descriptor, Serde<TKey> keySerde, Serde<TValue> valueSerde)
    : StoreBuilder(descriptor, TypePair.Of<TKey, TValue>())
{
    internal override StateStore Open(TaskContext context) => new JoinWindow<TKey, TValue>(
        Descriptor,
        new StoreSerdes<TKey, TValue>(keySerde, valueSerde, context.ChangelogTopic(Descriptor)),
        context.State.OpenTimedBytes(Descriptor),
        Descriptor.IsLogged ? context.State.OpenChangelog(Descriptor) : null);
}
