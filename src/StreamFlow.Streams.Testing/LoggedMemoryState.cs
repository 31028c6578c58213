using StreamFlow.Core.Records;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Testing;

/// <summary>Stores in memory whose changelogs are topics in memory, with the bytes that production writes.</summary>
internal sealed class LoggedMemoryState(MemoryCluster cluster, string applicationId) : IStateBackend
{
    private readonly MemoryStateBackend _stores = new();

    public IBytesStore OpenBytes(StoreDescriptor store) => _stores.OpenBytes(store);

    public ITimedBytesStore OpenTimedBytes(StoreDescriptor store) => _stores.OpenTimedBytes(store);

    public IChangelogWriter? OpenChangelog(StoreDescriptor store) => store is { IsLogged: true, IsGlobal: false, SourceTopic: null }
        ? new Writer(cluster[InternalTopics.Changelog(applicationId, store.Name)])
        : null;

    private sealed class Writer(MemoryTopic topic) : IChangelogWriter
    {
        public void Append(ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, long timestamp, Headers? headers) =>
            topic.Produce(new TopicRecord(key.ToArray(), hasValue ? value.ToArray() : null, timestamp, headers ?? Headers.Empty));
    }
}
