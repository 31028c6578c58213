using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Administration;

/// <summary>Describes groups the broker assigns: of consumers (KIP-848), streams (KIP-1071), share consumers (KIP-932).</summary>
internal sealed class AssignedGroupDescriber(AdminCalls calls)
{
    /// <summary>Describes a group, whichever of the three it is; null when there is none of the name.</summary>
    public async Task<GroupDescription?> TryDescribeAsync(string group, CancellationToken cancellationToken)
    {
        if (await TryAskAsync(group, new ConsumerGroupDescribeRequest { GroupIds = [group] }, a => a.Groups[0].ErrorCode, cancellationToken)
            .ConfigureAwait(false) is { } consumers)
        {
            return ToDescription(consumers.Groups[0]);
        }

        if (await TryAskAsync(group, new StreamsGroupDescribeRequest { GroupIds = [group] }, a => a.Groups[0].ErrorCode, cancellationToken)
            .ConfigureAwait(false) is { } streams)
        {
            return await ToDescriptionAsync(streams.Groups[0], cancellationToken).ConfigureAwait(false);
        }

        return await TryAskAsync(group, new ShareGroupDescribeRequest { GroupIds = [group] }, a => a.Groups[0].ErrorCode, cancellationToken)
            .ConfigureAwait(false) is { } share ? ToDescription(share.Groups[0]) : null;
    }

    private async Task<TResponse?> TryAskAsync<TResponse>(
        string group, IRequest<TResponse> request, Func<TResponse, ErrorCode> errorOf, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        try
        {
            return await calls.CoordinatorAsync(
                CoordinatorKind.Group, group, request, errorOf, $"describe group '{group}'", cancellationToken).ConfigureAwait(false);
        }
        catch (BrokerException e) when (e.ErrorCode is ErrorCode.GroupIdNotFound or ErrorCode.UnsupportedVersion)
        {
            return null;
        }
    }

    private static GroupDescription ToDescription(ConsumerGroupDescribeResponse.DescribedGroup group) => new(
        group.GroupId,
        group.GroupState,
        "consumer",
        group.AssignorName,
        [
            .. group.Members.Select(m => Member(
                m.MemberId, m.InstanceId, m.ClientId, m.ClientHost,
                m.Assignment.TopicPartitions.Select(t => (t.TopicName, t.Partitions)))),
        ]);

    private static GroupDescription ToDescription(ShareGroupDescribeResponse.DescribedGroup group) => new(
        group.GroupId,
        group.GroupState,
        "share",
        group.AssignorName,
        [
            .. group.Members.Select(m => Member(
                m.MemberId, null, m.ClientId, m.ClientHost,
                m.Assignment.TopicPartitions.Select(t => (t.TopicName, t.Partitions)))),
        ]);

    private static GroupMemberDescription Member(
        string id, string? instance, string client, string host, IEnumerable<(string Topic, List<int> Partitions)> assigned) =>
        new(id, instance, client, host, [.. assigned.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p)))]);

    /// <summary>A task reads the partitions of its number; the members' are those of their active tasks.</summary>
    private async Task<GroupDescription> ToDescriptionAsync(
        StreamsGroupDescribeResponse.DescribedGroup group, CancellationToken cancellationToken)
    {
        var parts = group.Topology?.Subtopologies ?? [];
        var topics = parts.ToDictionary(
            p => p.SubtopologyId,
            p => p.SourceTopics.Concat(p.RepartitionSourceTopics.Select(t => t.Name)).ToArray(),
            StringComparer.Ordinal);
        var names = topics.Values.SelectMany(t => t).Distinct(StringComparer.Ordinal);
        var cluster = await calls.Metadata.DescribeAsync(names, cancellationToken).ConfigureAwait(false);
        return new(
            group.GroupId,
            group.GroupState,
            "streams",
            "",
            [
                .. group.Members.Select(m => new GroupMemberDescription(
                    m.MemberId, m.InstanceId, m.ClientId, m.ClientHost,
                    [
                        .. m.Assignment.ActiveTasks.SelectMany(t => t.Partitions.SelectMany(
                            p => topics.GetValueOrDefault(t.SubtopologyId, []).Select(name => new TopicPartition(name, p))))
                            .Where(p => cluster.Topics.TryGetValue(p.Topic, out var topic) && p.Partition < topic.Partitions.Length),
                    ])),
            ]);
    }
}
