using StreamFlow.Client.Consuming;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Groups;

/// <summary>
/// Membership in a classic group, whose leader assigns. Joining and heartbeats run by themselves.
/// </summary>
internal sealed class GroupMember : IGroupMembership
{
    private readonly ClientContext _context;
    private readonly ConsumerOptions _options;
    private readonly AssignmentChanges _assignment;
    private readonly MemberIdentity _identity;
    private readonly CoordinatorLink _coordinator;
    private readonly GroupJoiner _joiner;
    private readonly AsyncSignal _changed;
    private readonly bool _isCooperative;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _heartbeats;
    private CancellationTokenSource? _joinScope;
    private Task<JoinResult>? _join;
    private bool _mustRejoin = true;
    private bool _hasLostPlace;
    private StreamFlowException? _fatal;
    private long _lastPoll;

    public GroupMember(
        ClientContext context,
        MetadataCache metadata,
        ChannelSet channels,
        ConsumerOptions options,
        PartitionTable table,
        MemberIdentity identity,
        CoordinatorLink coordinator,
        AsyncSignal changed)
    {
        _context = context;
        _options = options;
        _assignment = new AssignmentChanges(table);
        _identity = identity;
        _coordinator = coordinator;
        _changed = changed;
        _isCooperative = options.Assignors.All(a => a.Protocol == RebalanceProtocol.Cooperative);
        var joinLink = new CoordinatorLink(metadata, channels, CoordinatorKind.Group, options.GroupId!, Lane.Coordination);
        _joiner = new GroupJoiner(context, metadata, joinLink, options, identity);
        _lastPoll = context.Clock.GetTimestamp();
        _heartbeats = Task.Run(HeartbeatLoopAsync);
    }

    public IReadOnlyDictionary<string, int>? AssignedCounts { get; private set; }

    public bool IsStable => _join is null && !Volatile.Read(ref _mustRejoin) && !Volatile.Read(ref _hasLostPlace);

    public void RequestRejoin()
    {
        Volatile.Write(ref _mustRejoin, true);
        _changed.Set();
    }

    public async ValueTask StepAsync(SubscribedTopics subscription, RebalanceCall call)
    {
        Volatile.Write(ref _lastPoll, _context.Clock.GetTimestamp());
        if (Volatile.Read(ref _fatal) is { } fatal)
        {
            throw fatal;
        }

        if (Volatile.Read(ref _hasLostPlace))
        {
            Volatile.Write(ref _hasLostPlace, false);
            await _assignment.LoseAllAsync(call).ConfigureAwait(false);
        }

        if (_join is { IsCompleted: true } done)
        {
            _join = null;
            await ApplyAsync(await done.ConfigureAwait(false), call).ConfigureAwait(false);
        }

        if (_join is null && Volatile.Read(ref _mustRejoin))
        {
            if (!_isCooperative)
            {
                await _assignment.RevokeAsync(_assignment.Current, call).ConfigureAwait(false);
            }

            Volatile.Write(ref _mustRejoin, false);
            BeginJoin(subscription.Current);
        }
    }

    /// <summary>Gives up all partitions and leaves the group (a static member just goes silent).</summary>
    public async ValueTask LeaveAsync(RebalanceCall call)
    {
        await StopAsync().ConfigureAwait(false);
        if (Volatile.Read(ref _hasLostPlace))
        {
            await _assignment.LoseAllAsync(call).ConfigureAwait(false);
        }

        await _assignment.RevokeAsync(_assignment.Current, call).ConfigureAwait(false);
        await SendLeaveAsync("the consumer was closed or unsubscribed", call.CancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _joinScope?.Dispose();
        _closing.Dispose();
    }

    private async Task StopAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _heartbeats.ConfigureAwait(false);
        if (_join is not null)
        {
            await _join.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private void BeginJoin(IReadOnlyList<string> topics)
    {
        var userData = _options.Assignors.ToDictionary(a => a.Name, a => a.GetUserData(topics), StringComparer.Ordinal);
        var request = new JoinRequest(topics, _isCooperative ? [.. _assignment.Current] : []);
        _joinScope?.Dispose();
        _joinScope = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        var token = _joinScope.Token;
        _join = Task.Run(() => _joiner.JoinAsync(request, userData, token), CancellationToken.None);
        _ = _join.ContinueWith(static (_, signal) => ((AsyncSignal)signal!).Set(), _changed, TaskScheduler.Default);
    }

    private async ValueTask ApplyAsync(JoinResult result, RebalanceCall call)
    {
        if (result.Assignor is null)
        {
            Volatile.Write(ref _mustRejoin, true);
            await _assignment.LoseAllAsync(call).ConfigureAwait(false);
            return;
        }

        AssignedCounts = result.PartitionCounts;
        result.Assignor.OnAssignment(result.Assignment, _identity.Current);
        var owned = _assignment.Current;
        var revoked = owned.Except(result.Assignment.Partitions).ToList();
        if (revoked.Count > 0)
        {
            await _assignment.RevokeAsync(revoked, call).ConfigureAwait(false);
            // With the cooperative protocol others wait for these: the next round hands them out.
            Volatile.Write(ref _mustRejoin, true);
        }

        var added = result.Assignment.Partitions.Except(owned).ToList();
        await _assignment.AssignAsync(result.Assignment.Partitions, added, call).ConfigureAwait(false);
    }

    private async Task HeartbeatLoopAsync()
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var wait = failures == 0 ? _options.HeartbeatInterval : _context.Backoff.DelayOf(failures - 1);
                await Task.Delay(wait, _context.Clock, _closing.Token).ConfigureAwait(false);
                failures = await BeatAsync().ConfigureAwait(false) ? 0 : failures + 1;
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closing.
        }
#pragma warning disable CA1031 // without heartbeats the member is lost: the application hears why
        catch (Exception e)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _fatal, Unexpected.In($"the heartbeat of group '{_options.GroupId}'", e));
            _changed.Set();
        }
    }

    /// <summary>False when the coordinator could not be asked.</summary>
    private async Task<bool> BeatAsync()
    {
        var member = _identity.Current;
        if (member.GenerationId < 0 || _join is { IsCompleted: false } || Volatile.Read(ref _hasLostPlace))
        {
            return true;
        }

        if (_context.Clock.GetElapsedTime(Volatile.Read(ref _lastPoll)) > _options.MaxPollInterval)
        {
            await SendLeaveAsync("polls are further apart than max.poll.interval.ms", _closing.Token).ConfigureAwait(false);
            LosePlace();
            return true;
        }

        try
        {
            var request = new HeartbeatRequest
            {
                GroupId = member.GroupId,
                GenerationId = member.GenerationId,
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
            };
            var answer = await _coordinator.SendAsync(request, a => a.ErrorCode, _closing.Token).ConfigureAwait(false);
            return member != _identity.Current || Sort(answer.ErrorCode);
        }
        catch (StreamFlowException e) when (e.IsRetriable)
        {
            return false;
        }
        catch (StreamFlowException e)
        {
            Volatile.Write(ref _fatal, e);
            _changed.Set();
            return true;
        }
    }

    private bool Sort(ErrorCode error)
    {
        switch (error)
        {
            case ErrorCode.None:
                return true;
            case ErrorCode.RebalanceInProgress:
                RequestRejoin();
                return true;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                LosePlace();
                return true;
            default:
                if (ErrorCodes.IsRetriable(error))
                {
                    return false;
                }

                Volatile.Write(ref _fatal, new BrokerException(error, $"heartbeat of group '{_options.GroupId}'"));
                _changed.Set();
                return true;
        }
    }

    private void LosePlace()
    {
        _identity.Reset();
        Volatile.Write(ref _hasLostPlace, true);
        RequestRejoin();
    }

    private async ValueTask SendLeaveAsync(string reason, CancellationToken cancellationToken)
    {
        var member = _identity.Current;
        if (member.MemberId.Length == 0 || member.GroupInstanceId is not null)
        {
            return;
        }

        try
        {
            var request = new LeaveGroupRequest { GroupId = member.GroupId, Members = [new(
                ) { MemberId = member.MemberId, Reason = reason }] };
            await _coordinator.SendAsync(request, a => a.ErrorCode, cancellationToken).ConfigureAwait(false);
        }
        catch (StreamFlowException)
        {
            // The session timeout removes the member as well, only later.
        }

        _identity.Reset();
    }
}
