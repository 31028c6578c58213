using System.Collections.Immutable;
using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using RequestIds = StreamFlow.Protocol.Messages.StreamsGroupHeartbeatRequest.TaskIds;
using ResponseIds = StreamFlow.Protocol.Messages.StreamsGroupHeartbeatResponse.TaskIds;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>A heartbeat of KIP-1071: a member joins, stays or leaves.</summary>
/// <param name="request">What the member says.</param>
/// <param name="clientId">The client's name for people.</param>
/// <param name="clientHost">Where it connects from.</param>
internal sealed class StreamsHeartbeat(StreamsGroupHeartbeatRequest request, string clientId, string clientHost)
    : IGroupHeartbeat<StreamsGroup, StreamsHeartbeatAnswer>
{
    /// <inheritdoc/>
    public bool IsJoin => request.MemberEpoch == StreamsMember.JoinEpoch;

    private bool IsLeave => request.MemberEpoch < StreamsMember.JoinEpoch;

    /// <inheritdoc/>
    public StreamsHeartbeatAnswer Refuse(GroupRefusal refusal) => new(refusal);

    /// <inheritdoc/>
    public bool IsRefusal(StreamsHeartbeatAnswer answer) => answer.IsRefusal;

    /// <inheritdoc/>
    public StreamsHeartbeatAnswer Step(StreamsGroup group, MetadataImage image, long now, GroupEffects effects) =>
        IsLeave ? Leave(group, effects) : Run(group, image, now, effects);

    /// <summary>Lets the member join or stay.</summary>
    private StreamsHeartbeatAnswer Run(StreamsGroup group, MetadataImage image, long now, GroupEffects effects)
    {
        var owned = Owned();
        if (Refuse(group, owned) is { } refusal)
        {
            return new StreamsHeartbeatAnswer(refusal);
        }

        var known = group.State.MemberOrNew(request.MemberId);
        var step = new StreamsGroupStep(group, image.Topics, now, effects);
        try
        {
            var told = request.Topology is { } topology ? StreamsTopology.Of(topology) : null;
            if (step.Run(Update(known), told, owned) is { } problem)
            {
                return new StreamsHeartbeatAnswer(problem);
            }
        }
        catch (BrokerException wrong)
        {
            return new StreamsHeartbeatAnswer(new GroupRefusal(wrong.ErrorCode, wrong.Message));
        }

        if (request.ShutdownApplication)
        {
            group.ShutdownRequestedBy = request.MemberId;
        }

        return Answer(group, known, owned, image, step.IsDelayed);
    }

    /// <summary>Lets the member go.</summary>
    private StreamsHeartbeatAnswer Leave(StreamsGroup group, GroupEffects effects)
    {
        if (!group.State.Members.ContainsKey(request.MemberId))
        {
            return new StreamsHeartbeatAnswer(Unknown(group));
        }

        if (request.ShutdownApplication)
        {
            group.ShutdownRequestedBy = request.MemberId;
        }

        group.Remove(request.MemberId, effects);
        return new StreamsHeartbeatAnswer(
            new StreamsGroupHeartbeatResponse { MemberId = request.MemberId, MemberEpoch = request.MemberEpoch, Status = [] }, []);
    }

    private static List<ResponseIds> Ids(IEnumerable<StreamsTask> tasks) =>
        [.. StreamsTask.Grouped(tasks).Select(t => new ResponseIds { SubtopologyId = t.Subtopology, Partitions = t.Partitions })];

    /// <summary>
    /// A member has to name its epoch. One that missed an answer still names the one before; that is seen by its having no task that it
    /// should not. With 0 a member that lost everything begins again.
    /// </summary>
    private GroupRefusal? Refuse(StreamsGroup group, StreamsTasks? owned)
    {
        var epoch = request.MemberEpoch;
        if (!group.State.Members.TryGetValue(request.MemberId, out var member))
        {
            return !IsJoin ? Unknown(group) : group.State.Members.Count < group.Settings.MaxSize ? null : new GroupRefusal(
                ErrorCode.GroupMaxSizeReached, $"The streams group has reached its maximum capacity of {group.Settings.MaxSize} members.");
        }

        var isRepeated = epoch < member.Epoch && epoch == member.PreviousEpoch && owned?.AreWithin(member.Assigned) == true;
        return IsJoin || epoch == member.Epoch || isRepeated ? null : new GroupRefusal(
            ErrorCode.FencedMemberEpoch,
            $"The member names epoch {epoch}, and the coordinator knows it at {member.Epoch}: it must abandon all its tasks and rejoin.");
    }

    private GroupRefusal Unknown(StreamsGroup group) =>
        new(ErrorCode.UnknownMemberId, $"Member {request.MemberId} is not a member of group {group.GroupId}.");

    private StreamsHeartbeatAnswer Answer(
        StreamsGroup group, StreamsMember known, StreamsTasks? owned, MetadataImage image, bool isDelayed)
    {
        var member = group.State.Members[request.MemberId];
        var response = new StreamsGroupHeartbeatResponse
        {
            MemberId = member.MemberId,
            MemberEpoch = member.Epoch,
            HeartbeatIntervalMs = group.Settings.HeartbeatIntervalMs,
            Status = StatusOf(group, member, isDelayed),
        };
        var isNew = IsJoin || !member.Assigned.HasSameTasksAs(known.Assigned);

        // A member that says it has other tasks has missed an answer; without another it would never hear of those it got then.
        if (isNew || owned?.AreAllOf(member.Assigned) == false)
        {
            response.ActiveTasks = Ids(member.Assigned.Active.Keys);
            response.StandbyTasks = Ids(member.Assigned.Standby);
            response.WarmupTasks = Ids(member.Assigned.Warmup);
        }

        group.EndpointEpoch += isNew && member.Endpoint is not null ? 1 : 0;

        response.EndpointInformationEpoch = group.EndpointEpoch;
        if (request.EndpointInformationEpoch != group.EndpointEpoch)
        {
            response.PartitionsByUserEndpoint = StreamsEndpoints.Of(group, image.Topics);
        }

        return new StreamsHeartbeatAnswer(response, group.Configured!.Missing);
    }

    private static List<StreamsGroupHeartbeatResponse.StatusData> StatusOf(StreamsGroup group, StreamsMember member, bool isDelayed)
    {
        var all = new List<StreamsGroupHeartbeatResponse.StatusData>();
        if (group.State.Topology!.Epoch is var epoch && member.TopologyEpoch < epoch)
        {
            Add(StreamsStatus.StaleTopology, $"The member runs topology {member.TopologyEpoch}, and the group runs {epoch}.");
        }

        if (isDelayed)
        {
            Add(StreamsStatus.AssignmentDelayed, "The assignment waits for more members or changes.");
        }

        if (group.Configured!.Problem is { } problem)
        {
            Add(problem.Status, problem.Detail);
        }

        if (group.ShutdownRequestedBy is { } by)
        {
            Add(StreamsStatus.ShutdownApplication, $"Member {by} asked the application to shut down.");
        }

        return all;

        void Add(StreamsStatus status, string detail) => all.Add(new() { StatusCode = (sbyte)status, StatusDetail = detail });
    }

    private StreamsTasks? Owned()
    {
        return request is { ActiveTasks: { } active, StandbyTasks: { } standby, WarmupTasks: { } warmup }
            ? new StreamsTasks(Set(active), Set(standby), Set(warmup))
            : null;

        static ImmutableHashSet<StreamsTask> Set(List<RequestIds> ids) =>
            [.. ids.SelectMany(i => StreamsTask.Of(i.SubtopologyId, i.Partitions))];
    }

    private StreamsMember Update(StreamsMember known) => known with
    {
        RackId = request.RackId ?? known.RackId,
        RebalanceTimeoutMs = request.RebalanceTimeoutMs == -1 ? known.RebalanceTimeoutMs : request.RebalanceTimeoutMs,
        TopologyEpoch = request.Topology?.Epoch ?? known.TopologyEpoch,
        ProcessId = request.ProcessId ?? known.ProcessId,
        Endpoint = request.UserEndpoint is { } endpoint ? new StreamsEndpoint(endpoint.Host, endpoint.Port) : known.Endpoint,
        ClientTags = request.ClientTags is { } tags
            ? known.ClientTags.Clear().SetItems(tags.Select(t => KeyValuePair.Create(t.Key, t.Value)))
            : known.ClientTags,
        ClientId = clientId,
        ClientHost = clientHost,
    };
}
