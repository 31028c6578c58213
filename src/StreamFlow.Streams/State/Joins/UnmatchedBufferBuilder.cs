using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.State.Joins;

/// <summary>Opens the buffer of unmatched records that both sides of a left or outer join share.</summary>
internal sealed class UnmatchedBufferBuilder<TKey, TLeft, TRight>(
    StoreDescriptor descriptor, Serde<TKey> keySerde, Serde<TLeft> leftSerde, Serde<TRight> rightSerde)
    : StoreBuilder(descriptor, TypePair.Of<TKey, (TLeft Left, TRight Right)>())
{
    internal override StateStore Open(TaskContext context)
    {
        var topic = context.ChangelogTopic(Descriptor);
        return new UnmatchedBuffer<TKey, TLeft, TRight>(
            Descriptor,
            new StoreSerdes<TKey, TLeft>(keySerde, leftSerde, topic),
            new StoreSerdes<TKey, TRight>(keySerde, rightSerde, topic),
            context.State.OpenBytes(Descriptor),
            Descriptor.IsLogged ? context.State.OpenChangelog(Descriptor) : null);
    }
}
