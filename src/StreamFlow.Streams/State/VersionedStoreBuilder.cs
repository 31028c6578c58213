using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.State;

/// <summary>Opens versioned stores.</summary>
internal sealed class VersionedStoreBuilder<TKey, TValue>(StoreDescriptor descriptor, Serde<TKey> keySerde, Serde<TValue> valueSerde)
    : StoreBuilder(descriptor, TypePair.Of<TKey, TValue>())
{
    internal override StateStore Open(TaskContext context) => new VersionedStore<TKey, TValue>(
        Descriptor,
        new StoreSerdes<TKey, TValue>(keySerde, valueSerde, context.ChangelogTopic(Descriptor)),
        context.State.OpenBytes(Descriptor),
        Descriptor.IsLogged ? context.State.OpenChangelog(Descriptor) : null,
        new CacheRoom(context.Options));
}
