using StreamFlow.Client.Consuming;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Groups;

/// <summary>
/// A member of a KIP-848 group as a state machine: it takes what happens (subscription, answers, polls that come late) with the time, and
/// says which heartbeat is due. It knows no clock, no network and no thread; whoever drives it calls it one at a time.
/// </summary>
/// <remarks>
/// <code>
/// Idle --subscription--> Joining --answer--> Stable | Reconciling
/// Stable --other assignment--> Reconciling --Reconciled--> Acknowledging --heartbeat taken--> Stable | Reconciling
/// Joining | Stable | Reconciling | Acknowledging --PollsAreLate--> Leaving --heartbeat taken--> Lost
/// any of these --fenced--> Lost --LossTold--> Joining
/// any but Idle and Lost --refused--> Refused
/// </code>
/// A heartbeat says only what has changed since the last one that was answered; after a failure it says everything, for nobody knows
/// whether the last one arrived.
/// </remarks>
internal sealed class ConsumerGroupState(string groupId, string memberId, ConsumerOptions options)
{
    private const int JoinEpoch = 0;
    private const int LeaveEpoch = -1;

    // A static member that leaves for a while keeps its partitions until its session ends.
    private const int StaticLeaveEpoch = -2;

    private IReadOnlyList<string> _topics = [];
    private string? _regex;
    private bool _hasSaidRegex;
    private bool _mustSayAll = true;
    private bool _mustSaySubscription;
    private bool _mustSayOwned;
    private bool _isInFlight;
    private TimeSpan _lastSent;
    private TimeSpan _notBefore;
    private TimeSpan _interval;

    public MemberState State { get; private set; }

    /// <summary>The member's epoch; 0 while it joins, negative when it has left.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether commits may carry the epoch.</summary>
    public bool IsMember => Epoch > 0 && State is MemberState.Stable or MemberState.Reconciling or MemberState.Acknowledging;

    /// <summary>What the group wants the member to own. Each assignment is another set.</summary>
    public HashSet<TopicIdPartition> Target { get; private set; } = [];

    /// <summary>What the member owns.</summary>
    public HashSet<TopicIdPartition> Owned { get; private set; } = [];

    /// <summary>Why the group refuses the member for good, or what it cannot give it; null when all is well.</summary>
    public StreamFlowException? Failure { get; private set; }

    /// <summary>Whether nothing is about to change.</summary>
    public bool IsStable => State == MemberState.Stable && !_mustSaySubscription;

    /// <summary>Sets what the member wants to read.</summary>
    /// <param name="topics">The topics; empty with an expression.</param>
    /// <param name="regex">An expression that the broker evaluates, or null.</param>
    /// <returns>Whether that is something else than before.</returns>
    public bool Subscribe(IReadOnlyList<string> topics, string? regex)
    {
        if (State != MemberState.Idle && ReferenceEquals(topics, _topics) && regex == _regex)
        {
            return false;
        }

        _regex = regex;
        _topics = topics;
        _mustSaySubscription = true;
        if (State == MemberState.Idle)
        {
            State = MemberState.Joining;
        }

        return true;
    }

    /// <summary>How long until a heartbeat is due; <see cref="Timeout.InfiniteTimeSpan"/> when none is before something happens.</summary>
    public TimeSpan WaitFrom(TimeSpan now)
    {
        if (_isInFlight || State is MemberState.Idle or MemberState.Lost or MemberState.Refused)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var isUrgent = _mustSayAll || _mustSaySubscription
            || State is MemberState.Joining or MemberState.Acknowledging or MemberState.Leaving;
        var due = isUrgent ? _notBefore : Max(_notBefore, _lastSent + _interval);
        return due > now ? due - now : TimeSpan.Zero;
    }

    /// <summary>Takes the heartbeat that is due; null when none is.</summary>
    public ConsumerGroupHeartbeatRequest? Take(TimeSpan now)
    {
        if (WaitFrom(now) != TimeSpan.Zero)
        {
            return null;
        }

        var request = ToRequest();
        _isInFlight = true;
        _lastSent = now;
        _mustSayAll = _mustSaySubscription = _mustSayOwned = false;
        if (State == MemberState.Leaving)
        {
            MoveOut();
        }
        else if (State == MemberState.Acknowledging)
        {
            State = Owned.SetEquals(Target) ? MemberState.Stable : MemberState.Reconciling;
        }

        return request;
    }

    /// <summary>A heartbeat was answered.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time.</param>
    /// <param name="backoff">How long to wait when it has to be sent again.</param>
    public void Answered(ConsumerGroupHeartbeatResponse answer, TimeSpan now, TimeSpan backoff)
    {
        _isInFlight = false;
        if (State is MemberState.Lost or MemberState.Refused)
        {
            return;
        }

        switch (answer.ErrorCode)
        {
            case ErrorCode.None:
                Accept(answer);
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch:
                MoveOut();
                break;
            case var error when ErrorCodes.IsRetriable(error):
                Failed(now, backoff);
                break;
            case ErrorCode.TopicAuthorizationFailed:
                // An administrator may allow it any moment.
                Failure = ToError(answer);
                Failed(now, backoff);
                break;
            default:
                Refuse(ToError(answer));
                break;
        }
    }

    /// <summary>A heartbeat was not answered: it is sent again, whole.</summary>
    public void Failed(TimeSpan now, TimeSpan backoff)
    {
        _isInFlight = false;
        _mustSayAll = true;
        _notBefore = now + backoff;
    }

    /// <summary>The member cannot go on.</summary>
    public void Refuse(StreamFlowException error)
    {
        _isInFlight = false;
        Failure = error;
        State = MemberState.Refused;
    }

    /// <summary>Takes a failure out, to throw it; one for good stays.</summary>
    public StreamFlowException? TakeFailure()
    {
        var failure = Failure;
        Failure = State == MemberState.Refused ? failure : null;
        return failure;
    }

    /// <summary>Polls are further apart than allowed: the member leaves, so that others get its partitions.</summary>
    public void PollsAreLate()
    {
        if (State is MemberState.Joining or MemberState.Stable or MemberState.Reconciling or MemberState.Acknowledging)
        {
            State = MemberState.Leaving;
        }
    }

    /// <summary>The application has given up and taken over what it could.</summary>
    /// <param name="owned">What the member owns now.</param>
    public void Reconciled(HashSet<TopicIdPartition> owned)
    {
        Owned = owned;
        _mustSayOwned = true;
        if (State == MemberState.Reconciling)
        {
            State = MemberState.Acknowledging;
        }
    }

    /// <summary>The application has heard that its partitions are lost: the member joins anew.</summary>
    public void LossTold()
    {
        if (State == MemberState.Lost)
        {
            Owned = [];
            Target = [];
            Epoch = JoinEpoch;
            _mustSayAll = true;
            State = MemberState.Joining;
        }
    }

    /// <summary>The heartbeat that leaves the group for good, or null when the member is not in it.</summary>
    public ConsumerGroupHeartbeatRequest? Leave()
    {
        var mayBeIn = State is not (MemberState.Idle or MemberState.Lost or MemberState.Refused);
        State = MemberState.Idle;
        Epoch = EpochOfLeaving;
        return mayBeIn ? ToRequest() : null;
    }

    private int EpochOfLeaving => options.GroupInstanceId is null ? LeaveEpoch : StaticLeaveEpoch;

    private void Accept(ConsumerGroupHeartbeatResponse answer)
    {
        _interval = TimeSpan.FromMilliseconds(Math.Max(answer.HeartbeatIntervalMs, 1));
        _notBefore = TimeSpan.Zero;
        if (State is MemberState.Leaving or MemberState.Idle || answer.MemberEpoch < 0)
        {
            // Of a leave, or overtaken by one.
            return;
        }

        Epoch = answer.MemberEpoch;
        if (answer.Assignment is { } assignment)
        {
            Target = [.. assignment.TopicPartitions.SelectMany(t => t.Partitions.Select(p => new TopicIdPartition(t.TopicId, p)))];
        }

        if (!Owned.SetEquals(Target))
        {
            State = MemberState.Reconciling;
        }
        else if (State != MemberState.Acknowledging)
        {
            State = MemberState.Stable;
        }
    }

    private void MoveOut()
    {
        Epoch = EpochOfLeaving;
        State = MemberState.Lost;
    }

    private ConsumerGroupHeartbeatRequest ToRequest()
    {
        var isLeaving = State is MemberState.Leaving or MemberState.Idle;
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = groupId,
            MemberId = memberId,
            MemberEpoch = isLeaving ? EpochOfLeaving : Epoch,
            InstanceId = options.GroupInstanceId,
        };
        if (isLeaving)
        {
            return request;
        }

        var saysAll = _mustSayAll || State == MemberState.Joining;
        if (saysAll)
        {
            request.RackId = options.Rack.Length > 0 ? options.Rack : null;
            request.RebalanceTimeoutMs = (int)options.MaxPollInterval.TotalMilliseconds;
            request.ServerAssignor = options.GroupRemoteAssignor;
        }

        if (saysAll || _mustSaySubscription)
        {
            // An expression that is given up has to be taken back in words: null would mean unchanged.
            request.SubscribedTopicNames = [.. _topics];
            request.SubscribedTopicRegex = _regex ?? (_hasSaidRegex ? "" : null);
            _hasSaidRegex |= _regex is not null;
        }

        if (saysAll || _mustSayOwned)
        {
            request.TopicPartitions =
            [
                .. Owned.GroupBy(p => p.TopicId).Select(t => new ConsumerGroupHeartbeatRequest.TopicPartitionsData
                {
                    TopicId = t.Key,
                    Partitions = [.. t.Select(p => p.Partition)],
                }),
            ];
        }

        return request;
    }

    private BrokerException ToError(ConsumerGroupHeartbeatResponse answer) =>
        new(answer.ErrorCode, $"heartbeat of group '{groupId}'", answer.ErrorMessage);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
