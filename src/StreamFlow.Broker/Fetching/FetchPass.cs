using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Fetching;

/// <summary>
/// One look at the partitions of a fetch. They are read in their order; the first that has anything gives at least its first whole
/// batch even beyond the limits, later ones only what fits. An incremental response leaves out what has not changed.
/// </summary>
/// <param name="request">The fetch.</param>
/// <param name="isIncremental">Whether the client knows what it has been told before.</param>
/// <param name="brokerMaxBytes">The broker's own limit of a response.</param>
/// <param name="context">Lends the buffers.</param>
/// <param name="metrics">Counts what is served.</param>
internal struct FetchPass(
    FetchRequest request, bool isIncremental, int brokerMaxBytes, RequestContext context, BrokerMetrics metrics)
{
    private readonly ReadIsolation _isolation = request.IsolationLevel == 1 ? ReadIsolation.Committed : ReadIsolation.HighWatermark;
    private readonly bool _isFollower = request.ReplicaId >= 0 || request.ReplicaState is { ReplicaId: >= 0 };
    private int _left = Math.Min(request.MaxBytes, brokerMaxBytes);
    private bool _isUrgent;

    /// <summary>Bytes found.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether there is enough to answer at once.</summary>
    public bool IsSatisfied => _isUrgent || Bytes >= request.MinBytes;

    public FetchResponse Read(List<FetchTarget> targets)
    {
        var response = context.New<FetchResponse>();
        FetchKey topic = default;
        FetchResponse.FetchableTopicResponse? answered = null;
        foreach (var target in targets)
        {
            var answer = Read(target);
            target.Answer(answer);
            if (answer is null)
            {
                continue;
            }

            if (answered is null || !target.Key.IsSameTopic(topic))
            {
                topic = target.Key;
                answered = context.New<FetchResponse.FetchableTopicResponse>();
                (answered.Topic, answered.TopicId) = (topic.Topic, topic.TopicId);
                response.Responses.Add(answered);
            }

            answered.Partitions.Add(answer);
        }

        return response;
    }

    private FetchResponse.PartitionData? Read(FetchTarget target)
    {
        if (target.Partition is not { } partition)
        {
            var unknown = Failed(target, target.Error);
            unknown.AbortedTransactions = [];
            return unknown;
        }

        // There are no other brokers: whoever calls itself a replica is none of this partition.
        var refusal = _isFollower ? ErrorCode.NotLeaderOrFollower : Partition.CheckEpoch(target.Wanted.CurrentLeaderEpoch);
        if (refusal != ErrorCode.None)
        {
            return Failed(target, refusal);
        }

        if (target.Wanted.LastFetchedEpoch >= 0 && FindDivergence(partition, target) is { } diverged)
        {
            return diverged;
        }

        var maxBytes = Math.Min(target.Wanted.PartitionMaxBytes, _left);
        var result = partition.Read(target.Wanted.FetchOffset, Math.Max(maxBytes, 0), _isolation, atLeastOneBatch: Bytes == 0);
        if (isIncremental && result.Error == ErrorCode.None && result.Length == 0
            && !target.IsNews(result.HighWatermark, result.LogStartOffset))
        {
            return null;
        }

        if (result.Error != ErrorCode.None)
        {
            return Failed(target, result.Error);
        }

        var answer = context.New<FetchResponse.PartitionData>();
        answer.PartitionIndex = target.Key.Partition;
        answer.HighWatermark = result.HighWatermark;
        answer.LastStableOffset = result.LastStableOffset;
        answer.LogStartOffset = result.LogStartOffset;
        answer.Records = ReadOnlyMemory<byte>.Empty;
        if (_isolation == ReadIsolation.Committed)
        {
            answer.AbortedTransactions = Aborted(result.AbortedTransactions);
        }

        if (result.Length > 0)
        {
            Take(partition, result, answer);
        }

        return answer;
    }

    /// <summary>Tells where the client's log and this one part ways, when they do (KIP-595).</summary>
    private FetchResponse.PartitionData? FindDivergence(Partition partition, FetchTarget target)
    {
        var end = partition.EndOfEpoch(target.Wanted.LastFetchedEpoch);
        if (end.LeaderEpoch < 0 || end.EndOffset < 0)
        {
            return Failed(target, ErrorCode.OffsetOutOfRange);
        }

        if (end.LeaderEpoch >= target.Wanted.LastFetchedEpoch && end.EndOffset >= target.Wanted.FetchOffset)
        {
            return null;
        }

        _isUrgent = true;
        return new()
        {
            PartitionIndex = target.Key.Partition,
            HighWatermark = partition.HighWatermark,
            LastStableOffset = partition.EndFor(ReadIsolation.Committed),
            LogStartOffset = partition.LogStartOffset,
            DivergingEpoch = new() { Epoch = end.LeaderEpoch, EndOffset = end.EndOffset },
            Records = ReadOnlyMemory<byte>.Empty,
        };
    }

    private void Take(Partition partition, in LogReadResult result, FetchResponse.PartitionData answer)
    {
        if (context.TakesFileRecords)
        {
            answer.Records = context.New<FileRecords>().Of(result);
            Count(result.Length);
            return;
        }

        var buffer = context.RentBuffer(result.Length);
        var error = partition.CopyTo(result, buffer.GetSpan(result.Length));
        if (error != ErrorCode.None)
        {
            Fail(answer, error);
            return;
        }

        buffer.Advance(result.Length);
        answer.Records = buffer.WrittenMemory;
        Count(result.Length);
    }

    private void Count(int bytes)
    {
        Bytes += bytes;
        _left -= bytes;
        metrics.OnFetched(bytes);
    }

    private static List<FetchResponse.AbortedTransaction> Aborted(IReadOnlyList<AbortedTransaction>? transactions)
    {
        var aborted = new List<FetchResponse.AbortedTransaction>(transactions?.Count ?? 0);
        foreach (var transaction in transactions ?? [])
        {
            aborted.Add(new() { ProducerId = transaction.ProducerId, FirstOffset = transaction.FirstOffset });
        }

        return aborted;
    }

    private FetchResponse.PartitionData Failed(FetchTarget target, ErrorCode error) => Fail(
        new() { PartitionIndex = target.Key.Partition, HighWatermark = -1, Records = ReadOnlyMemory<byte>.Empty }, error);

    private FetchResponse.PartitionData Fail(FetchResponse.PartitionData answer, ErrorCode error)
    {
        answer.ErrorCode = error;
        _isUrgent = true;
        return answer;
    }
}
