using System.Buffers.Text;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Groups;

/// <summary>
/// Membership in a group whose broker assigns (KIP-848): gives <see cref="ConsumerGroupState"/> a clock, a coordinator and the
/// application's hooks. Heartbeats run by themselves, one at a time.
/// </summary>
internal sealed class ConsumerGroupMember : IGroupMembership
{
    private readonly ClientContext _context;
    private readonly MetadataCache _metadata;
    private readonly ConsumerOptions _options;
    private readonly AssignmentChanges _assignment;
    private readonly MemberIdentity _identity;
    private readonly CoordinatorLink _coordinator;
    private readonly AsyncSignal _changed;
    private readonly AsyncSignal _wake = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TopicNames _names;
    private readonly string _memberId;

    // The heartbeat loop and the application's polls meet at the state.
    private readonly Lock _gate = new();
    private readonly ConsumerGroupState _state;
    private readonly Task _loop;
    private Dictionary<TopicIdPartition, TopicPartition> _owned = [];
    private TimeSpan _lastPoll;

    public ConsumerGroupMember(
        ClientContext context,
        MetadataCache metadata,
        ConsumerOptions options,
        PartitionTable table,
        MemberIdentity identity,
        CoordinatorLink coordinator,
        AsyncSignal changed)
    {
        _context = context;
        _metadata = metadata;
        _options = options;
        _assignment = new AssignmentChanges(table);
        _identity = identity;
        _coordinator = coordinator;
        _changed = changed;
        _names = new TopicNames(context, metadata, changed, _closing.Token);
        _memberId = Base64Url.EncodeToString(Guid.NewGuid().ToByteArray(bigEndian: true));
        _state = new ConsumerGroupState(options.GroupId!, _memberId, options);
        _lastPoll = Now;
        _loop = Task.Run(RunAsync);
    }

    public IReadOnlyDictionary<string, int>? AssignedCounts => null;

    public bool IsStable
    {
        get
        {
            lock (_gate)
            {
                return _state.IsStable;
            }
        }
    }

    private TimeSpan Now => _context.Clock.GetElapsedTime(0);

    /// <summary>Nothing to do: the broker sees by itself when the group has to be assigned anew.</summary>
    public void RequestRejoin()
    {
    }

    public ValueTask StepAsync(SubscribedTopics subscription, RebalanceCall call)
    {
        bool isNew, isLost, isReconciling;
        lock (_gate)
        {
            _lastPoll = Now;
            isNew = _state.Subscribe(subscription.Current, subscription.Expression);
            if (_state.TakeFailure() is { } failure)
            {
                throw failure;
            }

            isLost = _state.State == MemberState.Lost;
            isReconciling = _state.State == MemberState.Reconciling;
        }

        if (isNew)
        {
            foreach (var topic in subscription.Current)
            {
                _metadata.Remember(topic);
            }

            _metadata.RequestRefresh(_options.AllowAutoCreateTopics);
            _wake.Set();
        }

        return isLost ? LoseAllAsync(call) : isReconciling ? ReconcileAsync(call) : ValueTask.CompletedTask;
    }

    public async ValueTask LeaveAsync(RebalanceCall call)
    {
        await StopAsync().ConfigureAwait(false);
        ConsumerGroupHeartbeatRequest? leave;
        bool isLost;
        lock (_gate)
        {
            isLost = _state.State == MemberState.Lost;
            leave = _state.Leave();
        }

        if (isLost)
        {
            await _assignment.LoseAllAsync(call).ConfigureAwait(false);
        }

        await _assignment.RevokeAsync(_assignment.Current, call).ConfigureAwait(false);
        _identity.Reset();
        if (leave is not null)
        {
            await SendLeaveAsync(leave, call.CancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task StopAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _names.StopAsync().ConfigureAwait(false);
    }

    private async ValueTask LoseAllAsync(RebalanceCall call)
    {
        _owned = [];
        await _assignment.LoseAllAsync(call).ConfigureAwait(false);
        lock (_gate)
        {
            _state.LossTold();
        }

        _wake.Set();
    }

    /// <summary>Gives up what belongs to others now and takes over what is free, as far as the names of the topics are known.</summary>
    private async ValueTask ReconcileAsync(RebalanceCall call)
    {
        HashSet<TopicIdPartition> target;
        lock (_gate)
        {
            target = _state.Target;
        }

        var wanted = _names.Find(target);
        var kept = _owned.Where(o => target.Contains(o.Key)).ToDictionary();
        var revoked = _owned.Where(o => !target.Contains(o.Key)).Select(o => o.Value).ToList();
        var added = wanted.Where(w => !kept.ContainsKey(w.Key)).ToList();
        if (revoked.Count == 0 && added.Count == 0)
        {
            return;
        }

        await _assignment.RevokeAsync(revoked, call).ConfigureAwait(false);
        _owned = kept.Concat(added).ToDictionary();
        await _assignment.AssignAsync(_owned.Values, [.. added.Select(a => a.Value)], call).ConfigureAwait(false);
        lock (_gate)
        {
            _state.Reconciled([.. _owned.Keys]);
        }

        _wake.Set();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var request = Take(out var wait);
                if (request is null)
                {
                    await _wake.WaitAsync(wait, _context.Clock, _closing.Token).ConfigureAwait(false);
                    continue;
                }

                failures = await BeatAsync(request, failures).ConfigureAwait(false) ? 0 : failures + 1;
                _changed.Set();
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
            lock (_gate)
            {
                _state.Refuse(Unexpected.In($"the heartbeat of group '{_options.GroupId}'", e));
            }

            _changed.Set();
        }
    }

    /// <summary>The heartbeat that is due, or how long to wait for the next one.</summary>
    private ConsumerGroupHeartbeatRequest? Take(out TimeSpan wait)
    {
        lock (_gate)
        {
            var now = Now;
            var left = _lastPoll + _options.MaxPollInterval - now;
            if (left <= TimeSpan.Zero)
            {
                _state.PollsAreLate();
                left = Timeout.InfiniteTimeSpan;
            }

            var request = _state.Take(now);
            Publish();
            var due = _state.WaitFrom(now);
            wait = due == Timeout.InfiniteTimeSpan || (left != Timeout.InfiniteTimeSpan && left < due) ? left : due;
            return request;
        }
    }

    /// <summary>False when the coordinator could not be asked.</summary>
    private async Task<bool> BeatAsync(ConsumerGroupHeartbeatRequest request, int failures)
    {
        StreamFlowException? error = null;
        ConsumerGroupHeartbeatResponse? answer = null;
        try
        {
            answer = await _coordinator.SendAsync(request, a => a.ErrorCode, _closing.Token).ConfigureAwait(false);
        }
        catch (StreamFlowException e)
        {
            error = e;
        }

        var backoff = _context.Backoff.DelayOf(failures);
        lock (_gate)
        {
            if (answer is not null)
            {
                _state.Answered(answer, Now, backoff);
            }
            else if (error!.IsRetriable)
            {
                _state.Failed(Now, backoff);
            }
            else
            {
                _state.Refuse(error);
            }

            Publish();
        }

        return answer is { ErrorCode: ErrorCode.None };
    }

    /// <summary>Tells commits who the member is; the caller holds the gate.</summary>
    private void Publish()
    {
        if (!_state.IsMember)
        {
            _identity.Reset();
        }
        else if (_identity.Current.GenerationId != _state.Epoch)
        {
            _identity.Set(_memberId, _state.Epoch);
        }
    }

    private async ValueTask SendLeaveAsync(ConsumerGroupHeartbeatRequest leave, CancellationToken cancellationToken)
    {
        try
        {
            await _coordinator.SendAsync(leave, a => a.ErrorCode, cancellationToken).ConfigureAwait(false);
        }
        catch (StreamFlowException)
        {
            // The session timeout removes the member as well, only later.
        }
    }
}
