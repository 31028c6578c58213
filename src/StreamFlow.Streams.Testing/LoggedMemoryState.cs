using StreamFlow.Core.Records;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Testing;

/// <summary>
/// Stores in memory whose changelogs are topics in memory, with the bytes that production writes. A store that is opened is filled from its
/// changelog, if there is one already.
/// </summary>
internal sealed class LoggedMemoryState(MemoryCluster cluster, string applicationId) : IStateBackend
{
    private readonly MemoryStateBackend _stores = new();

    public IBytesStore OpenBytes(StoreDescriptor store)
    {
        var opened = _stores.OpenBytes(store);
        Fill(store);
        return opened;
    }

    public ITimedBytesStore OpenTimedBytes(StoreDescriptor store)
    {
        var opened = _stores.OpenTimedBytes(store);
        Fill(store);
        return opened;
    }

    public IChangelogWriter? OpenChangelog(StoreDescriptor store) => store is { IsLogged: true, IsGlobal: false, SourceTopic: null }
        ? new Writer(cluster[ChangelogOf(store)])
        : null;

    private string ChangelogOf(StoreDescriptor store) => store.SourceTopic ?? InternalTopics.Changelog(applicationId, store.Name);

    private void Fill(StoreDescriptor store)
    {
        if (!store.IsLogged || store.IsGlobal)
        {
            return;
        }

        foreach (var record in cluster[ChangelogOf(store)].Records)
        {
            if (record.Key is not null)
            {
                _stores.Restore(store, record.Key, record.Value is not null, record.Value, record.Timestamp);
            }
        }
    }

    private sealed class Writer(MemoryTopic topic) : IChangelogWriter
    {
        public void Append(ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, long timestamp, Headers? headers) =>
            topic.Produce(new TopicRecord(key.ToArray(), hasValue ? value.ToArray() : null, timestamp, headers ?? Headers.Empty));
    }
}
