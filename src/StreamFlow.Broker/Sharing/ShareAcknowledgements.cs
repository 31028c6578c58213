using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Sharing;

/// <summary>Takes what members say of their records, in a request of its own or with a fetch.</summary>
internal sealed class ShareAcknowledgements(
    SharePartitions partitions, ShareStates states, MetadataLog metadata, AccessControl access, BrokerMetrics metrics)
{
    /// <summary>Takes it; durable when the task ends.</summary>
    /// <param name="context">Who says it.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="memberId">The member.</param>
    /// <param name="said">What it says, by partition.</param>
    /// <param name="mayRenew">Whether locks may be renewed with this request.</param>
    /// <returns>The outcome for each partition.</returns>
    public async ValueTask<Dictionary<TopicIdPartition, ErrorCode>> TakeAsync(
        RequestContext context, string groupId, string memberId,
        IEnumerable<(TopicIdPartition Partition, List<Acknowledgement> Batches)> said, bool mayRenew)
    {
        var outcome = new Dictionary<TopicIdPartition, ErrorCode>();
        List<SharePartitionKey> changed = [];
        foreach (var (partition, batches) in said)
        {
            var key = new SharePartitionKey(groupId, partition.TopicId, partition.Partition);
            var error = Refuse(context, partition.TopicId);
            error = error == ErrorCode.None ? Check(batches, mayRenew) : error;
            if (error == ErrorCode.None)
            {
                error = partitions.Find(key)?.Acknowledge(memberId, batches) ?? ErrorCode.UnknownTopicOrPartition;
                changed.Add(key);
            }

            if (error == ErrorCode.None)
            {
                Count(batches);
            }

            outcome[partition] = error;
        }

        if (changed.Count > 0 && await states.FlushAsync(changed).ConfigureAwait(false) is var failed && failed != ErrorCode.None)
        {
            foreach (var partition in outcome.Where(o => o.Value == ErrorCode.None).Select(o => o.Key).ToArray())
            {
                outcome[partition] = failed;
            }
        }

        return outcome;
    }

    /// <summary>Why a member may not read a topic; NONE when it may.</summary>
    public ErrorCode Refuse(RequestContext context, Guid topicId)
    {
        if (!metadata.Image.TopicsById.TryGetValue(topicId, out var topic))
        {
            return ErrorCode.UnknownTopicId;
        }

        return context.Session.IsInProcess || access.Allows(context, AclOperation.Read, AclResourceType.Topic, topic.Name)
            ? ErrorCode.None
            : ErrorCode.TopicAuthorizationFailed;
    }

    private void Count(List<Acknowledgement> batches)
    {
        foreach (var batch in batches)
        {
            for (var offset = batch.First; offset <= batch.Last;)
            {
                var end = batch.EndOfSame(offset, batch.Last);
                metrics.OnAcknowledged(batch.TypeOf(offset), end - offset + 1);
                offset = end + 1;
            }
        }
    }

    private static ErrorCode Check(List<Acknowledgement> batches, bool mayRenew)
    {
        var end = -1L;
        foreach (var batch in batches)
        {
            var isOrdered = batch.First <= batch.Last && batch.First > end;
            var fits = batch.Types.Count == 1 || batch.Types.Count == batch.Last - batch.First + 1;
            var most = mayRenew ? AcknowledgeType.Renew : AcknowledgeType.Reject;
            if (!isOrdered || !fits || batch.Types.Any(t => t < 0 || t > (sbyte)most))
            {
                return ErrorCode.InvalidRequest;
            }

            end = batch.Last;
        }

        return ErrorCode.None;
    }
}
