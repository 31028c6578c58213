using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>Opens versioned stores.</summary>
internal sealed class VersionedStoreBuilder<TKey, TValue>(StoreDescriptor descriptor, Serde<TKey> keySerde, Serde<TValue> valueSerde)
    : StoreBuilder(descriptor)
{
    internal override StateStore Open(TaskContext context) => new VersionedStore<TKey, TValue>(
        Descriptor,
        new StoreSerdes<TKey, TValue>(keySerde, valueSerde, context.ChangelogTopic(Descriptor)),
        context.State.OpenBytes(Descriptor),
        Descriptor.IsLogged ? context.State.OpenChangelog(Descriptor) : null,
        new CacheRoom(context.Options));
}
