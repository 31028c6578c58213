using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Partitions;

namespace StreamFlow.Broker.Groups;

/// <summary>
/// The parts of a coordinator, one for each partition of its internal topic, which is made when it is first needed. Thread safe.
/// </summary>
/// <param name="topics">Finds and makes the topic.</param>
/// <param name="topic">Its name.</param>
/// <param name="partitionCount">How many partitions it gets.</param>
/// <param name="load">Makes a part of what its partition holds.</param>
internal sealed class CoordinatorShards<TShard>(
    InternalTopics topics, string topic, int partitionCount, Func<Partition, TShard> load) : IDisposable
    where TShard : class, IDisposable
{
    private readonly Lock _gate = new();
    private TShard[]? _shards;

    /// <summary>The parts there are; none before the topic was needed.</summary>
    public IReadOnlyList<TShard> Present => Volatile.Read(ref _shards) ?? [];

    /// <summary>The number of the part that keeps a key.</summary>
    public int IndexOf(string key) => CoordinatorHash.PartitionFor(key, Volatile.Read(ref _shards)?.Length ?? partitionCount);

    /// <summary>The part that keeps a key; null before the topic was needed.</summary>
    public TShard? Find(ReadOnlySpan<char> key) => Volatile.Read(ref _shards) is { } shards
        ? shards[CoordinatorHash.PartitionFor(key, shards.Length)]
        : null;

    /// <summary>The part that keeps a key; the topic is made when it does not exist yet.</summary>
    public async ValueTask<TShard> OfAsync(string key)
    {
        var shards = await AllAsync().ConfigureAwait(false);
        return shards[CoordinatorHash.PartitionFor(key, shards.Length)];
    }

    /// <summary>Every part; the topic is made when it does not exist yet.</summary>
    public async ValueTask<TShard[]> AllAsync() => Volatile.Read(ref _shards)
        ?? Load(await topics.GetOrCreateAsync(topic, partitionCount).ConfigureAwait(false));

    /// <summary>Loads the parts when the topic exists; called once at the start.</summary>
    /// <returns>The parts; none when there is no topic.</returns>
    public IReadOnlyList<TShard> LoadIfPresent() => topics.TryGet(topic) is { } partitions ? Load(partitions) : [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in Present)
        {
            shard.Dispose();
        }
    }

    private TShard[] Load(Partition[] partitions)
    {
        lock (_gate)
        {
            if (_shards is null)
            {
                Volatile.Write(ref _shards, Array.ConvertAll(partitions, p => load(p)));
            }

            return _shards!;
        }
    }
}
