using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.State.ForeignKeys;

/// <summary>Opens the store of subscriptions of a foreign-key join.</summary>
internal sealed class SubscriptionStoreBuilder<TForeignKey, TKey>(
    StoreDescriptor descriptor, Serde<TForeignKey> foreignKeySerde, Serde<TKey> keySerde, string topic)
    : StoreBuilder(descriptor, TypePair.Of<TForeignKey, TKey>())
{
    internal override StateStore Open(TaskContext context) => new SubscriptionStore<TForeignKey, TKey>(
        Descriptor,
        foreignKeySerde,
        keySerde,
        InternalTopics.FullName(context.Options.ApplicationId, topic),
        context.State.OpenBytes(Descriptor),
        Descriptor.IsLogged ? context.State.OpenChangelog(Descriptor) : null);
}
