using System.Runtime.InteropServices;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// The client's side of a fetch session (KIP-227): the broker remembers what is fetched, so that requests name only the partitions
/// whose offset has changed, and responses only those with something to tell. One request at a time; used by one
/// <see cref="BrokerFetcher"/>.
/// </summary>
internal sealed class FetchSession
{
    private readonly Dictionary<TopicPartition, Entry> _entries = [];
    private readonly Dictionary<string, FetchRequest.FetchTopic> _topics = new(StringComparer.Ordinal);
    private readonly List<TopicPartition> _forgotten = [];
    private int _id;

    // Of the next request; 0 begins a session.
    private int _epoch;
    private int _round;

    /// <summary>Adds what a request has to say to get these partitions.</summary>
    /// <param name="request">The request.</param>
    /// <param name="arena">Lends its objects.</param>
    /// <param name="asked">The partitions.</param>
    /// <param name="maxPartitionBytes">The most bytes of each.</param>
    public void Prepare(FetchRequest request, MessageArena arena, List<AskedPartition> asked, int maxPartitionBytes)
    {
        request.SessionId = _id;
        request.SessionEpoch = _epoch;
        _round++;
        if (_epoch == 0)
        {
            _entries.Clear();
        }

        _topics.Clear();
        foreach (var wanted in asked)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, wanted.Partition, out var isKnown);
            if (!isKnown || entry.Asked.Offset != wanted.Offset || entry.Asked.LeaderEpoch != wanted.LeaderEpoch)
            {
                var partition = arena.Rent<FetchRequest.FetchPartition>();
                (partition.Partition, partition.CurrentLeaderEpoch) = (wanted.Partition.Partition, wanted.LeaderEpoch);
                (partition.FetchOffset, partition.PartitionMaxBytes) = (wanted.Offset, maxPartitionBytes);
                TopicOf(request, arena, wanted.Partition.Topic).Partitions.Add(partition);
            }

            entry = new Entry(wanted, _round, isKnown ? entry.EndOffset : null);
        }

        if (_entries.Count > asked.Count)
        {
            Forget(request, arena);
        }
    }

    /// <summary>What was asked of a partition by the last request.</summary>
    public bool TryGetAsked(TopicPartition partition, out AskedPartition asked)
    {
        var isKnown = _entries.TryGetValue(partition, out var entry);
        asked = entry.Asked;
        return isKnown;
    }

    /// <summary>The end of a partition, as the session has told it last; null when it has not.</summary>
    public long? EndOffsetOf(TopicPartition partition) => _entries.TryGetValue(partition, out var entry) ? entry.EndOffset : null;

    /// <summary>A response has told the end of a partition that was asked for; null when it has told an error.</summary>
    public void SetEndOffset(TopicPartition partition, long? endOffset) =>
        _entries[partition] = _entries[partition] with { EndOffset = endOffset };

    /// <summary>Takes note of a response.</summary>
    /// <returns>False when the broker does not know the session any more, and a new one is to be begun at once.</returns>
    /// <exception cref="BrokerException">The broker refuses for another reason.</exception>
    public bool OnResponse(FetchResponse response, int broker)
    {
        var wasIncremental = _epoch > 0;
        if (response.ErrorCode == ErrorCode.None)
        {
            _id = response.SessionId;
            _epoch = _id == 0 ? 0 : _epoch == int.MaxValue ? 1 : _epoch + 1;
            return true;
        }

        OnFailure();
        if (response.ErrorCode == ErrorCode.FetchSessionIdNotFound)
        {
            _id = 0;
        }

        return wasIncremental
            && response.ErrorCode is ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch
                or ErrorCode.FetchSessionTopicIdError
            ? false
            : throw new BrokerException(response.ErrorCode, $"fetch from broker {broker}");
    }

    /// <summary>What the broker knows is not known any more: the next request begins a new session, and ends the old one.</summary>
    public void OnFailure() => _epoch = 0;

    private void Forget(FetchRequest request, MessageArena arena)
    {
        _forgotten.Clear();
        foreach (var (partition, entry) in _entries)
        {
            if (entry.Round != _round)
            {
                _forgotten.Add(partition);
            }
        }

        FetchRequest.ForgottenTopic? topic = null;
        foreach (var partition in _forgotten)
        {
            _entries.Remove(partition);
            if (topic?.Topic != partition.Topic)
            {
                topic = arena.Rent<FetchRequest.ForgottenTopic>();
                topic.Topic = partition.Topic;
                request.ForgottenTopicsData.Add(topic);
            }

            topic.Partitions.Add(partition.Partition);
        }
    }

    private FetchRequest.FetchTopic TopicOf(FetchRequest request, MessageArena arena, string name)
    {
        if (!_topics.TryGetValue(name, out var topic))
        {
            topic = arena.Rent<FetchRequest.FetchTopic>();
            topic.Topic = name;
            _topics.Add(name, topic);
            request.Topics.Add(topic);
        }

        return topic;
    }

    private readonly record struct Entry(AskedPartition Asked, int Round, long? EndOffset);
}
