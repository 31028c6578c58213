using System.Collections.Frozen;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Metadata;

/// <summary>
/// Brokers, topics and leaders, shared by all clients of a cluster. Readers take <see cref="Current"/>, an immutable snapshot; refreshes
/// replace it, one at a time. It remembers which topics were asked for and keeps all of them fresh.
/// </summary>
internal sealed class MetadataCache : IAsyncDisposable
{
    // A topic that was just created may be unknown to the broker asked for a moment, so "unknown" is believed only after this many answers.
    private const int AttemptsForUnknownTopic = 8;

    private readonly ClientContext _context;
    private readonly ChannelSet _channels;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _age;
    private ClusterSnapshot _current = ClusterSnapshot.Empty;
    private Task _background = Task.CompletedTask;
    private StreamFlowException? _failure;

    public MetadataCache(ClientContext context)
    {
        _context = context;
        _channels = new ChannelSet(context);
        _age = context.Clock.CreateTimer(
            static c => ((MetadataCache)c!).RequestRefresh(), this, context.Options.MetadataMaxAge, context.Options.MetadataMaxAge);
    }

    /// <summary>The latest answer.</summary>
    public ClusterSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Why the latest refresh in the background failed for good; null when trying again may help.</summary>
    public StreamFlowException? Failure => Volatile.Read(ref _failure);

    /// <summary>A snapshot with at least the brokers in it.</summary>
    public async ValueTask<ClusterSnapshot> GetClusterAsync(CancellationToken cancellationToken)
    {
        if (Current.Generation == 0)
        {
            await RefreshWithRetriesAsync(0, cancellationToken).ConfigureAwait(false);
        }

        return Current;
    }

    /// <summary>A topic that exists and has partitions.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="mayCreate">Whether the broker may create it.</param>
    /// <param name="limit">How long to try.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BrokerException">The topic does not exist or cannot be used.</exception>
    public ValueTask<TopicSnapshot> GetTopicAsync(string name, bool mayCreate, TimeSpan limit, CancellationToken cancellationToken) =>
        Current.Topics.TryGetValue(name, out var topic) && topic is { Error: ErrorCode.None, Partitions.Length: > 0 }
            ? new(topic)
            : FindTopicAsync(name, mayCreate, limit, cancellationToken);

    /// <summary>Starts a refresh in the background, unless one is running.</summary>
    /// <param name="mayCreate">Whether the broker may create missing topics.</param>
    public void RequestRefresh(bool mayCreate = false)
    {
        lock (_topics)
        {
            if (_background.IsCompleted && !_closing.IsCancellationRequested)
            {
                _background = RefreshInBackgroundAsync(mayCreate);
            }
        }
    }

    /// <summary>Fetches metadata unless that has happened since the caller looked.</summary>
    /// <param name="seen">Generation of the snapshot that the caller found lacking.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="mayCreate">Whether the broker may create missing topics.</param>
    public async Task RefreshAsync(long seen, CancellationToken cancellationToken, bool mayCreate = false)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Current.Generation <= seen)
            {
                var answer = await FetchAsync(TopicsOfInterest(), mayCreate, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _current, ToSnapshot(answer, Current.Generation + 1));
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Asks for all topics, without remembering them.</summary>
    public async Task<IReadOnlyCollection<TopicSnapshot>> ListTopicsAsync(CancellationToken cancellationToken)
    {
        var answer = await _context.Backoff.RetryAsync(
            token => FetchAsync(null, mayCreate: false, token), _context.Options.ApiTimeout, cancellationToken).ConfigureAwait(false);
        return ToSnapshot(answer, 0).Topics.Values;
    }

    /// <summary>Asks for these topics, without remembering them.</summary>
    public async Task<ClusterSnapshot> DescribeAsync(IEnumerable<string> topics, CancellationToken cancellationToken) =>
        ToSnapshot(await FetchAsync([.. topics], mayCreate: false, cancellationToken).ConfigureAwait(false), 0);

    /// <summary>Asks for topics by their ids, without remembering them; those that the broker does not know are left out.</summary>
    public async Task<IReadOnlyCollection<TopicSnapshot>> DescribeAsync(
        IEnumerable<Guid> topicIds, CancellationToken cancellationToken)
    {
        var request = new MetadataRequest
        {
            Topics = [.. topicIds.Select(t => new MetadataRequest.MetadataRequestTopic { TopicId = t })],
        };
        return ToSnapshot(await SendAsync(request, cancellationToken).ConfigureAwait(false), 0).Topics.Values;
    }

    /// <summary>Lets all following refreshes include the topic.</summary>
    public void Remember(string topic)
    {
        lock (_topics)
        {
            _topics.Add(topic);
        }
    }

    /// <summary>Drops what is known of topics that were deleted or created a moment ago.</summary>
    public void Forget(IEnumerable<string> topics)
    {
        lock (_topics)
        {
            _topics.ExceptWith(topics);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _age.DisposeAsync().ConfigureAwait(false);
        Task background;
        lock (_topics)
        {
            background = _background;
        }

        await background.ConfigureAwait(false);
        await _channels.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    private async ValueTask<TopicSnapshot> FindTopicAsync(string name, bool mayCreate, TimeSpan limit, CancellationToken cancellationToken)
    {
        Remember(name);
        var start = _context.Clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var seen = Current.Generation;
            StreamFlowException error;
            try
            {
                await RefreshAsync(seen, cancellationToken, mayCreate).ConfigureAwait(false);
                var topic = Current.Topics.GetValueOrDefault(name);
                if (topic is { Error: ErrorCode.None, Partitions.Length: > 0 })
                {
                    return topic;
                }

                error = new BrokerException(topic?.Error ?? ErrorCode.UnknownTopicOrPartition, $"metadata of topic '{name}'");
            }
            catch (StreamFlowException e) when (e.IsRetriable)
            {
                error = e;
            }

            var isUnknown = error is BrokerException { ErrorCode: ErrorCode.UnknownTopicOrPartition };
            if (!error.IsRetriable || _context.Clock.GetElapsedTime(start) > limit || (isUnknown && attempt >= AttemptsForUnknownTopic))
            {
                Forget([name]);
                throw error;
            }

            await _context.Backoff.WaitAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task RefreshWithRetriesAsync(long seen, CancellationToken cancellationToken) =>
        _context.Backoff.RetryAsync(token => RefreshAsync(seen, token), _context.Options.ApiTimeout, cancellationToken);

    private async Task RefreshInBackgroundAsync(bool mayCreate)
    {
        try
        {
            await Task.Yield();
            await RefreshAsync(Current.Generation, _closing.Token, mayCreate).ConfigureAwait(false);
            Volatile.Write(ref _failure, null);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closing.
        }
#pragma warning disable CA1031 // those who wait for a leader hear of it, whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            var failure = Unexpected.In("refreshing metadata", e);
            Volatile.Write(ref _failure, failure.IsRetriable ? null : failure);
        }
    }

    private List<string> TopicsOfInterest()
    {
        lock (_topics)
        {
            return [.. _topics];
        }
    }

    private Task<MetadataResponse> FetchAsync(IReadOnlyList<string>? topics, bool mayCreate, CancellationToken cancellationToken) =>
        SendAsync(
            new MetadataRequest
            {
                AllowAutoTopicCreation = mayCreate,
                Topics = topics?.Select(t => new MetadataRequest.MetadataRequestTopic { Name = t }).ToList(),
            },
            cancellationToken);

    private async Task<MetadataResponse> SendAsync(MetadataRequest request, CancellationToken cancellationToken)
    {
        var answer = await _channels.SendToAnyAsync(Current, request, cancellationToken).ConfigureAwait(false);
        return answer.ErrorCode == ErrorCode.None ? answer : throw new BrokerException(answer.ErrorCode, "metadata");
    }

    private static ClusterSnapshot ToSnapshot(MetadataResponse answer, long generation) => new(
        generation,
        answer.ClusterId,
        answer.ControllerId,
        answer.Brokers.ToFrozenDictionary(b => b.NodeId, b => new BrokerDescription(b.NodeId, b.Host, b.Port, b.Rack)),
        answer.Topics.Where(t => t.Name is not null).ToFrozenDictionary(t => t.Name!, ToTopic, StringComparer.Ordinal));

    private static TopicSnapshot ToTopic(MetadataResponse.MetadataResponseTopic topic)
    {
        var partitions = new PartitionMetadata[topic.Partitions.Count];
        foreach (var p in topic.Partitions)
        {
            if ((uint)p.PartitionIndex >= (uint)partitions.Length || partitions[p.PartitionIndex] is not null)
            {
                throw new ProtocolException(
                    $"metadata of topic '{topic.Name}' lists partition {p.PartitionIndex} of {partitions.Length} twice or out of range");
            }

            var leader = p.ErrorCode is ErrorCode.None or ErrorCode.ReplicaNotAvailable ? p.LeaderId : -1;
            partitions[p.PartitionIndex] = new(p.PartitionIndex, leader, p.LeaderEpoch, p.ReplicaNodes, p.IsrNodes);
        }

        return new(topic.Name!, topic.TopicId, topic.IsInternal, partitions, topic.ErrorCode);
    }
}
