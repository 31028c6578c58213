using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// One look at the partitions of a fetch. Partitions are read in the order of the request; the first that has anything gives at least
/// its first whole batch even beyond the limits, later ones only what fits.
/// </summary>
/// <param name="request">The fetch.</param>
/// <param name="brokerMaxBytes">The broker's own limit of a response.</param>
/// <param name="context">Lends the buffers.</param>
/// <param name="metrics">Counts what is served.</param>
internal sealed class FetchPass(FetchRequest request, int brokerMaxBytes, RequestContext context, BrokerMetrics metrics)
{
    private readonly ReadIsolation _isolation = request.IsolationLevel == 1 ? ReadIsolation.Committed : ReadIsolation.HighWatermark;
    private int _left = Math.Min(request.MaxBytes, brokerMaxBytes);
    private bool _hasError;

    /// <summary>Bytes found.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether there is enough to answer at once.</summary>
    public bool IsSatisfied => _hasError || Bytes >= request.MinBytes;

    public FetchResponse Read(List<FetchPartition> reads)
    {
        var response = new FetchResponse();
        FetchRequest.FetchTopic? topic = null;
        FetchResponse.FetchableTopicResponse? answered = null;
        foreach (var read in reads)
        {
            if (!ReferenceEquals(topic, read.Topic))
            {
                topic = read.Topic;
                answered = new() { Topic = topic.Topic, TopicId = topic.TopicId, Partitions = new(topic.Partitions.Count) };
                response.Responses.Add(answered);
            }

            answered!.Partitions.Add(Read(read));
        }

        return response;
    }

    private FetchResponse.PartitionData Read(in FetchPartition read)
    {
        var answer = new FetchResponse.PartitionData
        {
            PartitionIndex = read.Wanted.Partition,
            HighWatermark = -1,
            Records = ReadOnlyMemory<byte>.Empty,
        };
        if (read.Partition is not { } partition)
        {
            return Fail(answer, read.Error);
        }

        if (Partitions.Partition.CheckEpoch(read.Wanted.CurrentLeaderEpoch) is var epochError && epochError != ErrorCode.None)
        {
            return Fail(answer, epochError);
        }

        var maxBytes = Math.Min(read.Wanted.PartitionMaxBytes, _left);
        var result = partition.Read(read.Wanted.FetchOffset, Math.Max(maxBytes, 0), _isolation, atLeastOneBatch: Bytes == 0);
        answer.HighWatermark = result.HighWatermark;
        answer.LastStableOffset = result.LastStableOffset;
        answer.LogStartOffset = result.LogStartOffset;
        if (result.Error != ErrorCode.None)
        {
            return Fail(answer, result.Error);
        }

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

    private void Take(Partitions.Partition partition, in LogReadResult result, FetchResponse.PartitionData answer)
    {
        if (context.TakesFileRecords)
        {
            answer.Records = new Partitions.FileRecords(result).Memory;
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

    private FetchResponse.PartitionData Fail(FetchResponse.PartitionData answer, ErrorCode error)
    {
        answer.ErrorCode = error;
        _hasError = true;
        return answer;
    }
}
