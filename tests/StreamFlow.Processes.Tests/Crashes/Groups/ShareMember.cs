using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>
/// A member of a share group (KIP-932): fetches records, accepts most of them, rejects or gives back some, in a request of their own or with
/// the next fetch; now and then it loses its connection, ends its session or leaves. Its epochs may not go back.
/// </summary>
/// <param name="target">The group.</param>
/// <param name="ledger">What became of each record.</param>
/// <param name="seed">Of what it does.</param>
internal sealed class ShareMember(GroupTarget target, ShareLedger ledger, int seed)
{
    // Records that were lost or given back this often are dealt with: none shall reach the limit of deliveries.
    private const int MostReturns = 2;

    private readonly Random _random = new(seed);
    private readonly ShareSession _session = new(target, ledger);
    private readonly MemberEpoch _epoch = new("share", target);
    private List<int> _partitions = [];

    /// <summary>Does so until told to stop.</summary>
    /// <exception cref="InvalidOperationException">The broker did what it may not do.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using var link = new BrokerLink(target.Address);
        while (!stopping.IsCancellationRequested)
        {
            await StepAsync(link, stopping);
        }
    }

    private async Task StepAsync(BrokerLink link, CancellationToken stopping)
    {
        _session.Notice(link);
        if (_epoch.MustBeat || OneIn(10))
        {
            await BeatAsync(link, stopping);
            return;
        }

        if (_partitions.Count == 0)
        {
            await Task.Delay(20, stopping);
            _epoch.Hurry();
            return;
        }

        if (OneIn(50) && _session.Has.TrueForAll(r => r.Count <= MostReturns))
        {
            await LoseAsync(link, stopping);
            return;
        }

        if (_session.Has.Count > 0 && OneIn(2))
        {
            await _session.AcknowledgeAsync(link, _epoch.MemberId, Choose(), isLast: false, stopping);
        }

        await _session.FetchAsync(link, _epoch.MemberId, _partitions, Choose(), isExact: OneIn(3), stopping);
    }

    private bool OneIn(int n) => _random.Next(n) == 0;

    private async Task BeatAsync(BrokerLink link, CancellationToken stopping)
    {
        var answer = await link.SendAsync(
            new ShareGroupHeartbeatRequest
            {
                GroupId = target.Group, MemberId = _epoch.MemberId, MemberEpoch = _epoch.Value,
                SubscribedTopicNames = _epoch.MustSayAll ? [target.Topic] : null,
            },
            1, stopping);
        if (_epoch.Learn(answer?.ErrorCode, answer?.MemberEpoch ?? 0) && answer!.Assignment is { } assignment)
        {
            _partitions = [.. assignment.TopicPartitions.SelectMany(t => t.Partitions)];
        }
    }

    /// <summary>The connection breaks, or the member ends its session, or goes and comes back as another.</summary>
    private async Task LoseAsync(BrokerLink link, CancellationToken stopping)
    {
        if (OneIn(3))
        {
            _session.End();
            await link.CloseAsync();
            return;
        }

        await _session.AcknowledgeAsync(link, _epoch.MemberId, OneIn(2) ? Choose() : [], isLast: true, stopping);
        if (OneIn(2))
        {
            var leave = new ShareGroupHeartbeatRequest { GroupId = target.Group, MemberId = _epoch.MemberId, MemberEpoch = -1 };
            var answer = await link.SendAsync(leave, 1, stopping);
            _epoch.Leave(answer?.ErrorCode, OneIn(2));
            _partitions = [];
        }
    }

    /// <summary>Decides about everything the member has; the broker has to bear stretches cut anywhere.</summary>
    private List<ShareWord> Choose()
    {
        var chosen = new List<ShareWord>();
        foreach (var one in _session.Has.OrderBy(r => r.Partition).ThenBy(r => r.First))
        {
            var middle = one.First + _random.NextInt64(one.Last - one.First + 1);
            chosen.Add(ChooseFor(one with { Last = middle }));
            if (middle < one.Last)
            {
                chosen.Add(ChooseFor(one with { First = middle + 1 }));
            }
        }

        return chosen;
    }

    private ShareWord ChooseFor(ShareRecords records) => new(records, _random.Next(20) switch
    {
        0 => ShareAction.Reject,
        1 or 2 when records.Count <= MostReturns => ShareAction.Release,
        _ => ShareAction.Accept,
    });
}
