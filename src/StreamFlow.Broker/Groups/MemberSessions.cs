namespace StreamFlow.Broker.Groups;

/// <summary>What the members of a group are waited for. Not in the log. Not thread safe.</summary>
internal sealed class MemberSessions
{
    private const long RetryMs = 1000;

    private readonly Dictionary<string, MemberTimers> _timers = new(StringComparer.Ordinal);

    /// <summary>When the next of them is due (ms); <see cref="long.MaxValue"/> for never.</summary>
    public long Next => _timers.Count == 0 ? long.MaxValue : _timers.Values.Min(t => t.Next);

    /// <summary>What a member is waited for.</summary>
    public MemberTimers Of(string memberId)
    {
        if (!_timers.TryGetValue(memberId, out var timers))
        {
            _timers[memberId] = timers = new MemberTimers();
        }

        return timers;
    }

    /// <summary>A member has gone.</summary>
    public void Forget(string memberId) => _timers.Remove(memberId);

    /// <summary>The members that have let their time pass. Should the log not take their end, they are due again soon.</summary>
    /// <param name="now">ms since 1970.</param>
    /// <param name="isMember">Whether somebody still is one.</param>
    public IReadOnlyList<string> TakeDue(long now, Func<string, bool> isMember)
    {
        List<string> due = [];
        foreach (var (memberId, timers) in _timers.Where(t => t.Value.Next <= now).ToArray())
        {
            if (!isMember(memberId))
            {
                _timers.Remove(memberId);
                continue;
            }

            (timers.Session, timers.Rebalance) = (now + RetryMs, long.MaxValue);
            due.Add(memberId);
        }

        return due;
    }
}
