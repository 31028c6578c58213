using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.State;

/// <summary>Opens session stores.</summary>
internal sealed class SessionStoreBuilder<TKey, TValue>(StoreDescriptor descriptor, Serde<TKey> keySerde, Serde<TValue> valueSerde)
    : StoreBuilder(descriptor)
{
    internal override StateStore Open(TaskContext context) => new SessionStore<TKey, TValue>(
        Descriptor,
        new StoreSerdes<TKey, TValue>(keySerde, valueSerde, context.ChangelogTopic(Descriptor)),
        context.State.OpenTimedBytes(Descriptor),
        Descriptor.IsLogged ? context.State.OpenChangelog(Descriptor) : null,
        context);
}
