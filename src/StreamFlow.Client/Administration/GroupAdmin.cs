using StreamFlow.Client.Groups;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Administration;

/// <summary>The admin calls about groups and their offsets.</summary>
internal sealed class GroupAdmin(AdminCalls calls)
{
    private const string Dead = "Dead";

    public async Task<IReadOnlyList<GroupListing>> ListAsync(CancellationToken cancellationToken)
    {
        var answers = await calls.AllAsync(new ListGroupsRequest(
            ), a => ErrorOf(a.ErrorCode, "list groups"), cancellationToken).ConfigureAwait(false);
        return [.. answers.SelectMany(
            a =>
                a.Groups).Select(g => new GroupListing(
                    g.GroupId, g.ProtocolType, g.GroupState)).OrderBy(g => g.GroupId, StringComparer.Ordinal)];
    }

    public async Task<Dictionary<string, GroupDescription>> DescribeAsync(IEnumerable<string> groups, CancellationToken cancellationToken)
    {
        var result = new Dictionary<string, GroupDescription>(StringComparer.Ordinal);
        var assigned = new AssignedGroupDescriber(calls);
        foreach (var group in groups)
        {
            var answer = await calls.CoordinatorAsync(
                CoordinatorKind.Group,
                group,
                new DescribeGroupsRequest { Groups = [group] },
                a => a.Groups[0].ErrorCode == ErrorCode.GroupIdNotFound ? ErrorCode.None : a.Groups[0].ErrorCode,
                $"describe group '{group}'",
                cancellationToken).ConfigureAwait(false);
            var description = ToDescription(answer.Groups[0]);
            result[group] = description.State == Dead
                ? await assigned.TryDescribeAsync(group, cancellationToken).ConfigureAwait(false) ?? description
                : description;
        }

        return result;
    }

    public async Task DeleteAsync(IEnumerable<string> groups, CancellationToken cancellationToken)
    {
        foreach (var group in groups)
        {
            await calls.CoordinatorAsync(
                CoordinatorKind.Group,
                group,
                new DeleteGroupsRequest { GroupsNames = [group] },
                a => a.Results[0].ErrorCode,
                $"delete group '{group}'",
                cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<Dictionary<TopicPartition, OffsetAndMetadata>> ListOffsetsAsync(
        string group, IEnumerable<TopicPartition>? partitions, bool requireStable, CancellationToken cancellationToken) =>
        OffsetsOf(group).FetchAsync(group, partitions?.ToList(), requireStable, cancellationToken);

    public async Task<Dictionary<TopicPartition, ShareGroupOffset>> ListShareOffsetsAsync(string group, CancellationToken cancellationToken)
    {
        var answer = await calls.CoordinatorAsync(
            CoordinatorKind.Group,
            group,
            new DescribeShareGroupOffsetsRequest { Groups = [new() { GroupId = group, Topics = null }] },
            a => a.Groups[0].ErrorCode != ErrorCode.None
                ? a.Groups[0].ErrorCode
                : a.Groups[0].Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None),
            $"list offsets of share group '{group}'",
            cancellationToken).ConfigureAwait(false);
        return answer.Groups[0].Topics.SelectMany(t => t.Partitions.Select(p => (Topic: t.TopicName, Partition: p))).ToDictionary(
            p => new TopicPartition(p.Topic, p.Partition.PartitionIndex),
            p => new ShareGroupOffset(Known(p.Partition.StartOffset), Known(p.Partition.Lag)));

        static long? Known(long value) => value < 0 ? null : value;
    }

    public Task AlterOffsetsAsync(
        string group, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken) =>
        OffsetsOf(group).CommitAsync(offsets, new ConsumerGroupMetadata(group), cancellationToken);

    public Task DeleteOffsetsAsync(string group, IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var request = new OffsetDeleteRequest
        {
            GroupId = group,
            Topics =
            [
                .. partitions.GroupBy(p => p.Topic, StringComparer.Ordinal).Select(t => new OffsetDeleteRequest.OffsetDeleteRequestTopic
                {
                    Name = t.Key,
                    Partitions = [.. t.Select(p => new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = p.Partition })],
                }),
            ],
        };
        return calls.CoordinatorAsync(
            CoordinatorKind.Group,
            group,
            request,
            a => a.ErrorCode != ErrorCode.None
                ? a.ErrorCode
                : a.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None),
            $"delete offsets of group '{group}'",
            cancellationToken);
    }

    public Task RemoveMembersAsync(string group, IEnumerable<string> groupInstanceIds, CancellationToken cancellationToken)
    {
        var request = new LeaveGroupRequest
        {
            GroupId = group,
            Members =
            [
                .. groupInstanceIds.Select(i => new LeaveGroupRequest.MemberIdentity
                {
                    MemberId = "",
                    GroupInstanceId = i,
                    Reason = "removed by an administrator",
                }),
            ],
        };
        return calls.CoordinatorAsync(
            CoordinatorKind.Group,
            group,
            request,
            a => a.ErrorCode != ErrorCode.None ? a.ErrorCode : a.Members.Select(m => m.ErrorCode).FirstOrDefault(e => e != ErrorCode.None),
            $"remove members of group '{group}'",
            cancellationToken);
    }

    private GroupOffsets OffsetsOf(string group) =>
        new(calls.Context, new CoordinatorLink(calls.Metadata, calls.Channels, CoordinatorKind.Group, group, Lane.General));

    private static GroupDescription ToDescription(DescribeGroupsResponse.DescribedGroup group) => new(
        group.GroupId,
        group.GroupState.Length > 0 ? group.GroupState : Dead,
        group.ProtocolType,
        group.ProtocolData,
        [
            .. group.Members.Select(m => new GroupMemberDescription(
                m.MemberId,
                m.GroupInstanceId,
                m.ClientId,
                m.ClientHost,
                group.ProtocolType == "consumer" ? ConsumerProtocol.ReadAssignment(m.MemberAssignment).Partitions : [])),
        ]);

    private static BrokerException? ErrorOf(ErrorCode error, string what) =>
        error == ErrorCode.None ? null : new BrokerException(error, what);
}
