using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Sharing.State;

/// <summary>
/// The share coordinator: keeps what has become of the records of share partitions (KIP-932). A step is in the log when it returns, and
/// durable when <see cref="FlushAsync"/> ends. Created and disposed by the broker; any thread may call.
/// </summary>
internal sealed class ShareStates : IDisposable
{
    /// <summary>Kafka's value.</summary>
    private const long ColdMs = 300_000;

    // Characters of a key that is looked up without a string.
    private const int UsualKey = 256;

    private readonly CoordinatorShards<ShareStateShard> _shards;

    public ShareStates(InternalTopics topics, MetadataLog metadata, BrokerOptions options, BrokerClock clock, ILogger logger)
    {
        _shards = new CoordinatorShards<ShareStateShard>(topics, TopicImage.ShareGroupState, options.ShareStateTopicNumPartitions, log =>
        {
            var shard = new ShareStateShard(log, metadata, options.ShareStateUpdatesPerSnapshot, clock, logger);
            shard.Replay();
            return shard;
        });
    }

    /// <summary>Told of share partitions whose state was replaced or deleted: what is held in memory of them is out of date.</summary>
    public Action<SharePartitionKey>? Replaced { get; set; }

    /// <summary>Makes the topic when it does not exist yet; steps before that fail.</summary>
    /// <exception cref="BrokerException">The topic cannot be created.</exception>
    public async ValueTask EnsureTopicAsync() => await _shards.AllAsync().ConfigureAwait(false);

    /// <summary>Loads the states when the topic exists; called once at the start.</summary>
    public void LoadIfPresent() => _shards.LoadIfPresent();

    /// <summary>Begins the state of a share partition, or replaces it.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="stateEpoch">A state with a newer one stays.</param>
    /// <param name="startOffset">-1 lets the group's setting say where to begin.</param>
    public ErrorCode Initialize(SharePartitionKey key, int stateEpoch, long startOffset)
    {
        var error = Of(key)?.Initialize(key, stateEpoch, startOffset) ?? ErrorCode.CoordinatorNotAvailable;
        return Tell(key, error);
    }

    /// <summary>Reads a state for the leader of its partition.</summary>
    public ErrorCode Read(SharePartitionKey key, int leaderEpoch, out ShareStateView? view)
    {
        view = null;
        return Of(key)?.Read(key, leaderEpoch, out view) ?? ErrorCode.CoordinatorNotAvailable;
    }

    /// <summary>Looks at a state; null when there is none.</summary>
    public ShareStateView? Find(SharePartitionKey key) => Of(key)?.Find(key);

    /// <summary>Changes a state.</summary>
    public ErrorCode Write(SharePartitionKey key, in ShareStateChange change) =>
        Of(key)?.Write(key, change) ?? ErrorCode.CoordinatorNotAvailable;

    /// <summary>Forgets a state, if there is one.</summary>
    public ErrorCode Delete(SharePartitionKey key) => Tell(key, Of(key)?.Delete(key) ?? ErrorCode.None);

    /// <summary>The states of a deleted topic are forgotten.</summary>
    public void OnTopicDeleted(Guid topicId)
    {
        foreach (var key in _shards.Present.SelectMany(s => s.KeysOf(topicId)))
        {
            Delete(key);
        }
    }

    /// <summary>Lets the log go of what is not needed any more.</summary>
    public void Prune()
    {
        foreach (var shard in _shards.Present)
        {
            shard.Prune(ColdMs);
        }
    }

    /// <summary>Ends when everything that was done to the share partitions is durable.</summary>
    public async ValueTask<ErrorCode> FlushAsync(IEnumerable<SharePartitionKey> keys)
    {
        var error = ErrorCode.None;
        foreach (var shard in keys.Select(Of).OfType<ShareStateShard>().Distinct().ToArray())
        {
            var failed = await shard.FlushAsync().ConfigureAwait(false);
            error = failed == ErrorCode.None ? error : failed;
        }

        return error;
    }

    /// <inheritdoc/>
    public void Dispose() => _shards.Dispose();

    private ShareStateShard? Of(SharePartitionKey key)
    {
        Span<char> text = stackalloc char[UsualKey];
        return key.TryFormat(text, out var length) ? _shards.Find(text[..length]) : _shards.Find(key.ToString());
    }

    private ErrorCode Tell(SharePartitionKey key, ErrorCode error)
    {
        if (error == ErrorCode.None)
        {
            Replaced?.Invoke(key);
        }

        return error;
    }
}
