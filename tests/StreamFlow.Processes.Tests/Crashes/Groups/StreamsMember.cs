using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>
/// A member of a streams group (KIP-1071): takes the tasks it is given, commits offsets for them, gives up what it shall not have, and now and
/// then leaves and comes back. The application has one part, which reads the topic and keeps a state.
/// </summary>
/// <param name="target">The group.</param>
/// <param name="process">The process it says it is in.</param>
/// <param name="ledger">Who has what.</param>
/// <param name="seed">Of what it does.</param>
internal sealed class StreamsMember(GroupTarget target, string process, TaskLedger ledger, int seed)
{
    private const string Part = "0";

    private readonly Random _random = new(seed);
    private readonly MemberEpoch _epoch = new("streams", target);
    private HashSet<int> _active = [];
    private HashSet<int> _standby = [];
    private bool _hasNews;
    private bool _isLeaving;

    public string Process => process;

    /// <summary>Whether the broker cannot have given its tasks to others.</summary>
    public bool IsSafelyIn => _epoch.IsSafelyIn;

    public override string ToString() => $"{_epoch.MemberId} at epoch {_epoch.Value} in {process}";

    /// <summary>Works until told to stop.</summary>
    /// <exception cref="InvalidOperationException">The broker did what it may not do.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using var link = new BrokerLink(target.Address);
        while (!stopping.IsCancellationRequested)
        {
            if (_isLeaving || _random.Next(100) == 0)
            {
                await LeaveAsync(link, stopping);
                continue;
            }

            await BeatAsync(link, stopping);
            if (_active.Count > 0 && !_epoch.MustBeat)
            {
                await CommitAsync(link, stopping);
            }

            await Task.Delay(_hasNews ? 0 : _random.Next(30), stopping);
        }
    }

    private async Task BeatAsync(BrokerLink link, CancellationToken stopping)
    {
        var isJoin = _epoch.Value == 0;
        if (isJoin)
        {
            Drop();
        }

        var saysTasks = _epoch.MustSayAll || _hasNews;
        var answer = await link.SendAsync(
            new StreamsGroupHeartbeatRequest
            {
                GroupId = target.Group, MemberId = _epoch.MemberId, MemberEpoch = _epoch.Value,
                RebalanceTimeoutMs = _epoch.MustSayAll ? 300_000 : -1,
                Topology = isJoin ? Topology(target.Topic) : null,
                ProcessId = _epoch.MustSayAll ? process : null,
                ActiveTasks = saysTasks ? Ids(_active) : null,
                StandbyTasks = saysTasks ? Ids(_standby) : null,
                WarmupTasks = saysTasks ? [] : null,
            },
            0, stopping);
        if (!_epoch.Learn(answer?.ErrorCode, answer?.MemberEpoch ?? 0))
        {
            return;
        }

        _hasNews = answer!.ActiveTasks is not null;
        if (_hasNews)
        {
            (_active, _standby) = (Tasks(answer.ActiveTasks), Tasks(answer.StandbyTasks));
            ledger.Give(this, _active, _standby);
        }
    }

    private async Task CommitAsync(BrokerLink link, CancellationToken stopping)
    {
        var offsets = _active.ToDictionary(t => t, ledger.Next);
        var answer = await link.SendAsync(
            new OffsetCommitRequest
            {
                GroupId = target.Group, MemberId = _epoch.MemberId, GenerationIdOrMemberEpoch = _epoch.Value,
                Topics =
                [
                    new()
                    {
                        Name = target.Topic,
                        Partitions = [.. offsets.Select(o => new OffsetCommitRequest.OffsetCommitRequestPartition
                        {
                            PartitionIndex = o.Key, CommittedOffset = o.Value, CommittedMetadata = "",
                        })],
                    },
                ],
            },
            9, stopping);
        foreach (var partition in answer?.Topics.SelectMany(t => t.Partitions) ?? [])
        {
            if (partition.ErrorCode == ErrorCode.None)
            {
                ledger.Confirm(partition.PartitionIndex, offsets[partition.PartitionIndex]);
            }
            else if (!ErrorCodes.IsRetriable(partition.ErrorCode) && _epoch.IsSafelyIn)
            {
                throw new InvalidOperationException($"{this} commits for task {partition.PartitionIndex}: {partition.ErrorCode}");
            }
        }

        if (answer is null)
        {
            // The broker may have come back without this member's knowing.
            _epoch.Hurry();
        }
    }

    /// <summary>Until the answer has come the broker may think that the member is there.</summary>
    private async Task LeaveAsync(BrokerLink link, CancellationToken stopping)
    {
        Drop();
        if (_epoch.Value == 0)
        {
            _isLeaving = false;
            return;
        }

        var request = new StreamsGroupHeartbeatRequest { GroupId = target.Group, MemberId = _epoch.MemberId, MemberEpoch = -1 };
        var answer = await link.SendAsync(request, 0, stopping);
        _isLeaving = answer is null || ErrorCodes.IsRetriable(answer.ErrorCode);
        if (!_isLeaving)
        {
            _epoch.Leave(answer!.ErrorCode, asAnother: _random.Next(2) == 0);
        }
    }

    private void Drop()
    {
        ledger.TakeAll(this);
        (_active, _standby, _hasNews) = ([], [], false);
    }

    private static StreamsGroupHeartbeatRequest.TopologyData Topology(string source) => new()
    {
        Subtopologies = [new() { SubtopologyId = Part, SourceTopics = [source], StateChangelogTopics = [new() { Name = $"{source}-changelog" }] }],
    };

    private static List<StreamsGroupHeartbeatRequest.TaskIds> Ids(HashSet<int> tasks) =>
        tasks.Count == 0 ? [] : [new() { SubtopologyId = Part, Partitions = [.. tasks.Order()] }];

    private static HashSet<int> Tasks(List<StreamsGroupHeartbeatResponse.TaskIds>? ids) => [.. (ids ?? []).SelectMany(i => i.Partitions)];
}
