using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Simulation.Tests;

/// <summary>What the members of the group have between them: who has which partition, and how far it was read.</summary>
internal sealed class GroupProgress
{
    public long[] Committed { get; } = [.. Enumerable.Repeat(-1L, World.Partitions)];

    public GroupMember?[] Owners { get; } = new GroupMember?[World.Partitions];
}

/// <summary>
/// A member of a consumer group (KIP-848). It gives a partition up before it says so, and commits only what it has. While its session
/// lasts nobody else may have its partitions, and committed offsets never go back.
/// </summary>
internal sealed class GroupMember(World world, string id, GroupProgress progress) : IActor
{
    /// <summary>Shorter than a session: who is asked to give something up and does not say so in this time (ms) loses all it has.</summary>
    private const int RebalanceTimeoutMs = 30_000;
    private readonly HashSet<int> _owned = [];
    private int _epoch;
    private long _heardMs;
    private bool _mayHaveMissed;

    private string Name => id;

    private bool IsAlive => world.Clock.NowMs - _heardMs < RebalanceTimeoutMs;

    public async Task StepAsync()
    {
        if (_epoch > 0 && _owned.Count > 0 && world.Random.Next(2) == 0)
        {
            await CommitAsync();
        }
        else if (_epoch > 0 && world.OneIn(25))
        {
            await LeaveAsync();
        }
        else
        {
            await HeartbeatAsync();
        }
    }

    public async Task FinishAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            await HeartbeatAsync();
        }
    }

    public async Task CheckAsync()
    {
        var request = new OffsetFetchRequest
        {
            Groups =
            [
                new()
                {
                    GroupId = World.Group,
                    Topics = [new() { Name = World.Topic, PartitionIndexes = [.. Enumerable.Range(0, World.Partitions)] }],
                },
            ],
        };
        var fetched = (OffsetFetchResponse)(await world.AskAsync(request, 8))!;
        foreach (var partition in fetched.Groups[0].Topics.SelectMany(t => t.Partitions))
        {
            World.Require(
                partition.CommittedOffset >= progress.Committed[partition.PartitionIndex],
                $"{partition.PartitionIndex} is committed to {partition.CommittedOffset}, acknowledged was {progress.Committed[partition.PartitionIndex]}");
        }
    }

    private async Task HeartbeatAsync()
    {
        // After an answer that did not come a client says everything anew, and so is told everything anew.
        var isFull = _epoch == 0 || _mayHaveMissed;
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = World.Group,
            MemberId = id,
            MemberEpoch = _epoch,
            RebalanceTimeoutMs = isFull ? RebalanceTimeoutMs : -1,
            SubscribedTopicNames = isFull ? [World.Topic] : null,
            ServerAssignor = isFull ? "uniform" : null,
            TopicPartitions = _owned.Count == 0 ? [] : [new() { TopicId = world.TopicId, Partitions = [.. _owned.Order()] }],
        };
        var sentMs = world.Clock.NowMs;
        _mayHaveMissed = true;
        var beat = await world.SendAsync(request, 0);
        world.Note($"{id} heartbeat {_epoch} [{string.Join(' ', _owned.Order())}]: {beat?.ErrorCode} {beat?.MemberEpoch} {Text(beat?.Assignment)}");
        if (beat is null or { ErrorCode: ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.CoordinatorLoadInProgress })
        {
            return;
        }

        if (beat.ErrorCode != ErrorCode.None)
        {
            World.Require(
                beat.ErrorCode is ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch, $"{id} was answered {beat.ErrorCode}: {beat.ErrorMessage}");
            GiveUp();
            return;
        }

        (_epoch, _mayHaveMissed) = (beat.MemberEpoch, false);
        var assigned = beat.Assignment?.TopicPartitions.Where(t => t.TopicId == world.TopicId).SelectMany(t => t.Partitions).ToHashSet();
        if (assigned is null || _owned.IsSubsetOf(assigned))
        {
            // Else the broker has been waiting for something to be given up, since the last answer that came perhaps.
            _heardMs = sentMs;
        }

        if (assigned is not null)
        {
            Take(assigned);
        }
    }

    private void Take(HashSet<int> assigned)
    {
        foreach (var partition in _owned.Except(assigned).ToArray())
        {
            _owned.Remove(partition);
            progress.Owners[partition] = null;
        }

        foreach (var partition in assigned.Except(_owned))
        {
            var owner = progress.Owners[partition];
            World.Require(
                owner is null || owner == this || !owner._owned.Contains(partition) || !owner.IsAlive,
                $"{id} was given {partition}, which {owner?.Name} has, heard of {world.Clock.NowMs - owner?._heardMs} ms ago");
            _owned.Add(partition);
            progress.Owners[partition] = this;
        }
    }

    private async Task CommitAsync()
    {
        var partition = _owned.Order().ElementAt(world.Random.Next(_owned.Count));
        if (progress.Owners[partition] != this)
        {
            // Somebody else got it after this member's session had ended; it will be told at its next heartbeat.
            return;
        }

        var offset = progress.Committed[partition] + 1;
        var committed = await world.SendAsync(
            new OffsetCommitRequest
            {
                GroupId = World.Group,
                MemberId = id,
                GenerationIdOrMemberEpoch = _epoch,
                Topics = [new() { Name = World.Topic, Partitions = [new() { PartitionIndex = partition, CommittedOffset = offset }] }],
            },
            9);
        var error = committed?.Topics[0].Partitions[0].ErrorCode;
        world.Note($"{id} commits {partition}:{offset}: {error}");
        if (error == ErrorCode.None)
        {
            progress.Committed[partition] = offset;
        }
    }

    private async Task LeaveAsync()
    {
        var request = new ConsumerGroupHeartbeatRequest { GroupId = World.Group, MemberId = id, MemberEpoch = -1 };
        GiveUp();
        var left = await world.SendAsync(request, 0);
        world.Note($"{id} leaves: {left?.ErrorCode}");
    }

    private static string Text(ConsumerGroupHeartbeatResponse.AssignmentData? assignment) => assignment is null
        ? "-"
        : $"[{string.Join(' ', assignment.TopicPartitions.SelectMany(t => t.Partitions).Order())}]";

    private void GiveUp()
    {
        foreach (var partition in _owned.Where(p => progress.Owners[p] == this))
        {
            progress.Owners[partition] = null;
        }

        _owned.Clear();
        _epoch = 0;
    }
}
