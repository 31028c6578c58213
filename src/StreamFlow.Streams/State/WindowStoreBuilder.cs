using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.State;

/// <summary>Opens plain and timestamped window stores with one row per key and start.</summary>
internal sealed class WindowStoreBuilder<TKey, TValue>(
    StoreDescriptor descriptor, Serde<TKey> keySerde, Serde<TValue> valueSerde, long windowSizeMs)
    : StoreBuilder(descriptor, TypePair.Of<TKey, TValue>())
{
    internal override StateStore Open(TaskContext context) =>
        new WindowStore<TKey, TValue>(
            Descriptor,
            new WindowRows<TKey, TValue>(
                Descriptor,
                new StoreSerdes<TKey, TValue>(keySerde, valueSerde, context.ChangelogTopic(Descriptor)),
                context.State.OpenTimedBytes(Descriptor),
                Descriptor.IsLogged ? context.State.OpenChangelog(Descriptor) : null,
                new CacheRoom(context.Options)),
            windowSizeMs,
            context);
}
