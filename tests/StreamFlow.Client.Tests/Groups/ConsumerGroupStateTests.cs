using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Groups;

/// <summary>The member of a KIP-848 group, fed with events by hand; times are seconds.</summary>
public sealed class ConsumerGroupStateTests
{
    private static readonly Guid Topic = new("11111111-2222-3333-4444-555555555555");
    private static readonly string[] Names = ["orders"];

    [Fact]
    public void Joins_with_everything_and_then_says_only_what_changes()
    {
        var state = Create();
        Assert.Null(state.Take(At(0)));
        Assert.True(state.Subscribe(Names, null));
        Assert.False(state.Subscribe(Names, null));

        var join = state.Take(At(0))!;
        Assert.Equal(("m", 0, 300_000, "range", "r1"), (join.MemberId, join.MemberEpoch, join.RebalanceTimeoutMs, join.ServerAssignor, join.RackId));
        Assert.Equal(Names, join.SubscribedTopicNames);
        Assert.Empty(join.TopicPartitions!);
        Assert.Null(state.Take(At(99)));

        state.Answered(Answer(1, 0, 1), At(0), default);
        Assert.Equal((MemberState.Reconciling, true), (state.State, state.IsMember));
        Assert.Equal(TimeSpan.FromSeconds(5), state.WaitFrom(At(0)));

        state.Reconciled([.. state.Target]);
        var acknowledged = state.Take(At(1))!;
        Assert.Equal(1, acknowledged.MemberEpoch);
        Assert.Equal([0, 1], acknowledged.TopicPartitions!.Single().Partitions);
        Assert.Null(acknowledged.SubscribedTopicNames);
        Assert.Equal(-1, acknowledged.RebalanceTimeoutMs);
        state.Answered(Answer(2), At(1), default);
        Assert.True(state.IsStable);

        Assert.Null(state.Take(At(5)));
        var quiet = state.Take(At(6))!;
        Assert.Equal((2, true, true), (quiet.MemberEpoch, quiet.TopicPartitions is null, quiet.SubscribedTopicNames is null));
    }

    [Fact]
    public void Another_assignment_is_reconciled_before_it_is_acknowledged()
    {
        var state = Joined(0, 1);
        state.Take(At(10));
        state.Answered(Answer(3, 0), At(10), default);
        Assert.Equal(MemberState.Reconciling, state.State);
        Assert.Null(state.Take(At(11))?.TopicPartitions);
        state.Answered(Answer(3), At(11), default);

        state.Reconciled([new(Topic, 0)]);
        Assert.Equal([0], state.Take(At(11))!.TopicPartitions!.Single().Partitions);
        Assert.Equal(MemberState.Stable, state.State);
    }

    [Fact]
    public void What_could_not_be_taken_over_yet_is_still_to_do()
    {
        var state = Joined(0);
        state.Take(At(10));
        state.Answered(Answer(3, 0, 1, 2), At(10), default);
        state.Reconciled([new(Topic, 0), new(Topic, 2)]);
        Assert.Equal([0, 2], state.Take(At(10))!.TopicPartitions!.Single().Partitions);
        Assert.Equal(MemberState.Reconciling, state.State);
    }

    [Theory]
    [InlineData(ErrorCode.FencedMemberEpoch)]
    [InlineData(ErrorCode.UnknownMemberId)]
    public void A_fenced_member_joins_anew_when_the_application_knows_what_it_lost(ErrorCode error)
    {
        var state = Joined(0, 1);
        state.Take(At(10));
        state.Answered(new() { ErrorCode = error }, At(10), default);
        Assert.Equal((MemberState.Lost, false), (state.State, state.IsMember));
        Assert.Null(state.Take(At(99)));

        state.LossTold();
        var join = state.Take(At(99))!;
        Assert.Equal((0, true), (join.MemberEpoch, join.TopicPartitions is { Count: 0 }));
        Assert.Equal(Names, join.SubscribedTopicNames);
    }

    [Fact]
    public void After_a_failure_everything_is_said_again_with_the_epoch_it_has()
    {
        var state = Joined(0);
        state.Take(At(10));
        state.Failed(At(10), TimeSpan.FromSeconds(1));
        Assert.Null(state.Take(At(10.5)));
        state.Take(At(11));
        state.Answered(new() { ErrorCode = ErrorCode.CoordinatorLoadInProgress }, At(11), TimeSpan.FromSeconds(1));
        Assert.Null(state.Take(At(11.5)));
        var again = state.Take(At(15))!;
        Assert.Equal(2, again.MemberEpoch);
        Assert.Equal(Names, again.SubscribedTopicNames);
        Assert.Equal([0], again.TopicPartitions!.Single().Partitions);
    }

    [Theory]
    [InlineData(null, -1)]
    [InlineData("i", -2)]
    public void Late_polls_leave_the_group_and_later_ones_join_it(string? instance, int epoch)
    {
        var state = Joined(instance, 0);
        state.PollsAreLate();
        Assert.False(state.IsMember);
        var leave = state.Take(At(20))!;
        Assert.Equal((epoch, instance), (leave.MemberEpoch, leave.InstanceId));
        Assert.Equal(MemberState.Lost, state.State);

        state.LossTold();
        Assert.Null(state.Take(At(20)));
        state.Answered(new() { MemberEpoch = epoch, HeartbeatIntervalMs = 5000 }, At(20), default);
        Assert.Equal(0, state.Take(At(20))!.MemberEpoch);
    }

    [Theory]
    [InlineData(null, -1)]
    [InlineData("i", -2)]
    public void Leaving_says_so_once(string? instance, int epoch)
    {
        var state = Joined(instance, 0);
        Assert.Equal(epoch, state.Leave()!.MemberEpoch);
        Assert.Null(state.Leave());
        Assert.Null(state.Take(At(99)));
    }

    [Theory]
    [InlineData(ErrorCode.UnreleasedInstanceId)]
    [InlineData(ErrorCode.UnsupportedAssignor)]
    [InlineData(ErrorCode.InvalidRegularExpression)]
    [InlineData(ErrorCode.GroupMaxSizeReached)]
    public void A_refusal_is_for_good(ErrorCode error)
    {
        var state = Create();
        state.Subscribe(Names, null);
        state.Take(At(0));
        state.Answered(new() { ErrorCode = error, ErrorMessage = "why" }, At(0), default);
        Assert.Equal(error, Assert.IsType<BrokerException>(state.TakeFailure()).ErrorCode);
        Assert.NotNull(state.TakeFailure());
        Assert.Null(state.Take(At(99)));
        Assert.Null(state.Leave());
    }

    [Fact]
    public void A_topic_that_may_not_be_read_is_told_and_asked_for_again()
    {
        var state = Create();
        state.Subscribe(Names, null);
        state.Take(At(0));
        state.Answered(new() { ErrorCode = ErrorCode.TopicAuthorizationFailed }, At(0), TimeSpan.FromSeconds(1));
        Assert.NotNull(state.TakeFailure());
        Assert.Null(state.TakeFailure());
        Assert.Equal(0, state.Take(At(1))!.MemberEpoch);
    }

    [Fact]
    public void A_new_subscription_is_told_at_once_and_an_expression_is_taken_back()
    {
        var state = Create();
        state.Subscribe([], "ord.*");
        Assert.Equal("ord.*", state.Take(At(0))!.SubscribedTopicRegex);
        state.Answered(Answer(1), At(0), default);

        Assert.True(state.Subscribe(Names, null));
        Assert.False(state.Subscribe(Names, null));
        Assert.False(state.IsStable);
        var changed = state.Take(At(0))!;
        Assert.Equal("", changed.SubscribedTopicRegex);
        Assert.Equal(Names, changed.SubscribedTopicNames);
    }

    private static ConsumerGroupState Create(string? instance = null) => new("g", "m", new ConsumerOptions
    {
        GroupId = "g", GroupInstanceId = instance, GroupProtocol = GroupProtocol.Consumer, GroupRemoteAssignor = "range", Rack = "r1",
    });

    private static ConsumerGroupState Joined(params int[] partitions) => Joined(null, partitions);

    private static ConsumerGroupState Joined(string? instance, params int[] partitions)
    {
        var state = Create(instance);
        state.Subscribe(Names, null);
        state.Take(At(0));
        state.Answered(Answer(1, partitions), At(0), default);
        state.Reconciled([.. state.Target]);
        state.Take(At(0));
        state.Answered(Answer(2), At(0), default);
        return state;
    }

    private static ConsumerGroupHeartbeatResponse Answer(int epoch, params int[] partitions) => new()
    {
        MemberId = "m",
        MemberEpoch = epoch,
        HeartbeatIntervalMs = 5000,
        Assignment = partitions.Length == 0
            ? null
            : new() { TopicPartitions = [new() { TopicId = Topic, Partitions = [.. partitions] }] },
    };

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
