using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Consumers;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Groups.Consumers;

/// <summary>The group by itself: no broker, and a clock that is a number.</summary>
public sealed class ConsumerGroupStateTests
{
    private static readonly Guid TopicId = new("00000000-0000-0000-0000-00000000000a");

    private readonly ConsumerGroup _group;
    private readonly GroupEffects _effects = new();
    private readonly MetadataImage _image = MetadataImage.Empty.WithTopic("t", TopicId)
        .WithPartition(TopicId, 0).WithPartition(TopicId, 1).WithPartition(TopicId, 2).WithPartition(TopicId, 3);

    private ConsumerGroupSettings _settings = new() { AssignmentIntervalMs = 0 };

    public ConsumerGroupStateTests() => _group = new ConsumerGroup("g", _ => _settings);

    [Fact]
    public void Change_that_came_too_early_is_assigned_when_the_interval_ends_and_not_at_a_sign_of_life_after_it()
    {
        _settings = _settings with { AssignmentIntervalMs = 1000 };
        Join("a", 5000);
        Join("b", 5200);
        Assert.Equal((3, 2, 6000), (_group.Epoch, _group.TargetEpoch, _group.NextDeadline));

        _group.Tick(5999, _effects);
        Assert.Equal(2, _group.TargetEpoch);
        _group.Tick(6000, _effects);
        Assert.Equal((3, 6000), (_group.TargetEpoch, _group.TargetTimestamp));
        Assert.Equal(2, _group.TargetOf("b").Count);

        // The next interval begins there too, and one that is over already holds nobody up.
        Join("c", 6100);
        Assert.Equal(7000, _group.NextDeadline);
        Join("d", 7000);
        Assert.Equal((5, 7000), (_group.TargetEpoch, _group.TargetTimestamp));
        Join("e", 9000);
        Assert.Equal((6, 9000), (_group.TargetEpoch, _group.TargetTimestamp));
    }

    [Fact]
    public void Member_that_is_silent_for_its_session_is_out()
    {
        Join("a", 0);
        Join("b", 1000);

        Assert.Equal(45_000, _group.NextDeadline);
        _group.Tick(45_000, _effects);

        Assert.Equal(["b"], _group.Members.Select(m => m.MemberId));
        Assert.Equal(4, _group.Epoch);
        Assert.False(_group.IsHeld(new TopicIdPartition(TopicId, 0)));
    }

    [Fact]
    public void Member_that_does_not_give_partitions_up_in_time_is_out_although_it_lives()
    {
        Join("a", 0);
        Join("b", 100);
        Beat("a", 2, 200);

        for (var now = 1000; now < 5000; now += 1000)
        {
            Beat("a", 2, now);
            Beat("b", 3, now);
        }

        Assert.Equal(5200, _group.NextDeadline);
        _group.Tick(5200, _effects);
        Assert.Equal(["b"], _group.Members.Select(m => m.MemberId));
        Assert.Equal(4, Beat("b", 3, 5300).Assignment!.TopicPartitions[0].Partitions.Count);
    }

    [Fact]
    public void Step_that_cannot_be_stored_leaves_no_trace()
    {
        Join("a", 0);
        Beat("a", 2, 10);
        var before = Describe();

        _effects.Clear();
        Heartbeat("b", 0, 20);
        Assert.NotEqual(before, Describe());
        _group.NotStored(20, _effects);

        Assert.Equal(before, Describe());
        Assert.Equal(ErrorCode.None, Join("b", 30).ErrorCode);
    }

    [Fact]
    public void Group_is_what_its_records_say()
    {
        Join("a", 0);
        Join("b", 100);
        Beat("a", 2, 200);

        var copy = new ConsumerGroup("g", _ => new ConsumerGroupSettings());
        foreach (var record in _records)
        {
            copy.Apply(record);
        }

        Assert.Equal(Describe(), Describe(copy));
    }

    private readonly List<CoordinatorRecord> _records = [];

    private ConsumerGroupHeartbeatResponse Join(string member, long now)
    {
        var response = Heartbeat(member, 0, now);
        Stored();
        return response;
    }

    private ConsumerGroupHeartbeatResponse Beat(string member, int epoch, long now)
    {
        var response = Heartbeat(member, epoch, now);
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Stored();
        return response;
    }

    private void Stored()
    {
        _records.AddRange(_effects.Records);
        _group.Stored();
        _effects.Clear();
    }

    private ConsumerGroupHeartbeatResponse Heartbeat(string member, int epoch, long now)
    {
        var request = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = member, MemberEpoch = epoch };
        if (epoch == 0)
        {
            request.RebalanceTimeoutMs = 5000;
            request.SubscribedTopicNames = ["t"];
            request.TopicPartitions = [];
        }

        return new ConsumerHeartbeat(request, "c", "/h", static _ => true).Step(_group, _image, now, _effects);
    }

    private string Describe() => Describe(_group);

    private static string Describe(ConsumerGroup group) =>
        $"{group.State} {group.Epoch}/{group.TargetEpoch} " + string.Join(' ', group.Members.Select(m =>
            $"{m.MemberId}@{m.Epoch}<{m.PreviousEpoch} {m.State} {Text(m.Assigned.Keys)} -{Text(m.Revoking.Keys)} ={Text(group.TargetOf(m.MemberId))}"));

    private static string Text(IEnumerable<TopicIdPartition> partitions) => string.Join(',', partitions.Select(p => p.Partition).Order());
}
