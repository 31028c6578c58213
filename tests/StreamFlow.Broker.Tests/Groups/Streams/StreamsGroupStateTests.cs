using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Streams;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Groups.Streams;

/// <summary>The group by itself: no broker, and a clock that is a number.</summary>
public sealed class StreamsGroupStateTests
{
    private static readonly Guid TopicId = new("00000000-0000-0000-0000-00000000000a");

    private readonly GroupEffects _effects = new();
    private readonly MetadataImage _image = MetadataImage.Empty.WithTopic("in", TopicId).WithPartition(TopicId, 0).WithPartition(TopicId,
        1);
    private StreamsGroupSettings _settings = new() { AssignmentIntervalMs = 0, InitialRebalanceDelayMs = 0 };
    private readonly StreamsGroup _group;

    public StreamsGroupStateTests() => _group = new StreamsGroup("g", _ => _settings);

    [Fact]
    public void Member_that_is_silent_for_its_session_is_out()
    {
        Beat("a", 0, 0);
        Beat("b", 0, 1000);

        Assert.Equal(45_000, _group.NextDeadline);
        _group.Tick(45_000, _effects);

        Assert.Equal(["b"], _group.State.Members.Keys);
        Assert.Equal(4, _group.State.Epoch);
    }

    [Fact]
    public void Member_that_does_not_give_tasks_up_in_time_is_out_although_it_lives()
    {
        Beat("a", 0, 0);
        Beat("b", 0, 100);
        Beat("a", 2, 200);
        Beat("a", 2, 5000);

        Assert.Equal(10_200, _group.NextDeadline);
        _group.Tick(10_200, _effects);
        Assert.Equal(["b"], _group.State.Members.Keys);
        Assert.Equal(2, Beat("b", 3, 10_300).ActiveTasks![0].Partitions.Count);
    }

    [Fact]
    public void First_assignment_is_made_for_all_who_came_until_the_delay_is_over()
    {
        _settings = _settings with { InitialRebalanceDelayMs = 3000 };
        Assert.Equal(1, Beat("a", 0, 0).MemberEpoch);
        Assert.Equal(1, Beat("b", 0, 1000).MemberEpoch);
        Assert.Equal("Assigning", _group.Phase);

        Assert.Equal(3000, _group.NextDeadline);
        _group.Tick(3000, _effects);
        Assert.Single(Beat("a", 1, 3100).ActiveTasks![0].Partitions);
        Assert.Single(Beat("b", 1, 3100).ActiveTasks![0].Partitions);
        Assert.Equal("Stable", _group.Phase);
    }

    [Fact]
    public void Changes_that_follow_each_other_closely_are_assigned_together()
    {
        _settings = _settings with { AssignmentIntervalMs = 1000 };
        Beat("a", 0, 5000);
        var second = Beat("b", 0, 5500);

        Assert.Equal(2, second.MemberEpoch);
        Assert.Equal(5, second.Status![0].StatusCode);
        Assert.Equal(6000, _group.NextDeadline);
        _group.Tick(6000, _effects);
        Assert.Equal((3, 6000), (_group.State.TargetEpoch, _group.State.TargetTimestamp));
        Beat("a", 2, 6000);
        Assert.Equal(3, Beat("a", 2, 6100, [0]).MemberEpoch);
    }

    [Fact]
    public void Number_of_copies_that_changes_makes_a_new_assignment()
    {
        Beat("a", 0, 0);
        _settings = _settings with { StandbyReplicas = 1 };

        Assert.Equal(3, Beat("a", 2, 10).MemberEpoch);
        Assert.Equal("1", _group.State.AssignmentConfigs["num.standby.replicas"]);
    }

    [Fact]
    public void Step_that_cannot_be_stored_leaves_no_trace()
    {
        Beat("a", 0, 0);
        var before = _group.State;

        _effects.Clear();
        Heartbeat("b", 0, 20, null);
        Assert.NotSame(before, _group.State);
        _group.NotStored(20, _effects);

        Assert.Same(before, _group.State);
        Assert.Equal(ErrorCode.None, Beat("b", 0, 30).ErrorCode);
    }

    [Fact]
    public void Group_is_what_its_records_say_and_nothing_after_its_tombstones()
    {
        Beat("a", 0, 0);
        Beat("b", 0, 0);
        Beat("a", 2, 0);
        var copy = new StreamsGroup("g", _ => _settings);
        foreach (var record in _all)
        {
            copy.Apply(record);
        }

        Assert.Equal(Text(_group), Text(copy));
        Assert.True(copy.State.Topology!.SameAs(_group.State.Topology!));
        foreach (var record in _group.Tombstones())
        {
            copy.Apply(record);
        }

        Assert.True(copy.IsEmpty);
        Assert.Equal((1, 1, null), (copy.State.Epoch, copy.State.TargetEpoch, copy.State.Topology));
    }

    private readonly List<CoordinatorRecord> _all = [];

    private static string Text(StreamsGroup group) =>
        $"{group.Phase} {group.State.Epoch}/{group.State.TargetEpoch} {group.State.MetadataHash} "
        + string.Join(' ', group.State.Members.Values.Select(m =>
            $"{m.MemberId}@{m.Epoch}<{m.PreviousEpoch} {m.State} {m.ProcessId} {m.TopologyEpoch} "
            + $"[{string.Join(' ', m.Assigned.Active.OrderBy(t => t.Key))}] [{string.Join(' ', m.Revoking.Active.OrderBy(t => t.Key))}] "
            + $"[{string.Join(' ', group.State.TargetOf(m.MemberId).Active.Order())}]"));

    private StreamsGroupHeartbeatResponse Beat(string member, int epoch, long now, int[]? owned = null)
    {
        _effects.Clear();
        var response = Heartbeat(member, epoch, now, owned);
        Assert.True(response.ErrorCode == ErrorCode.None, response.ErrorMessage);
        _all.AddRange(_effects.Records);
        _group.Stored();
        return response;
    }

    private StreamsGroupHeartbeatResponse Heartbeat(string member, int epoch, long now, int[]? owned)
    {
        var request = new StreamsGroupHeartbeatRequest
        {
            GroupId = "g",
            MemberId = member,
            MemberEpoch = epoch,
            ActiveTasks = owned is null ? null : [new() { SubtopologyId = "0", Partitions = [.. owned] }],
            StandbyTasks = owned is null ? null : [],
            WarmupTasks = owned is null ? null : [],
        };
        if (epoch == 0)
        {
            request.RebalanceTimeoutMs = 10_000;
            request.ProcessId = $"p-{member}";
            request.Topology = new() { Subtopologies = [new() { SubtopologyId = "0", SourceTopics = ["in"] }] };
        }

        return new StreamsHeartbeat(request, "client", "/127.0.0.1").Step(_group, _image, now, _effects).Response;
    }
}
