using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Cli.Bench.Broker.Groups;

/// <summary>
/// A member of a classic group, on a connection of its own: joins, takes its partition, sends heartbeats, joins again when told.
/// </summary>
/// <param name="connection">Its connection, to the coordinator.</param>
/// <param name="group">The group.</param>
/// <param name="topic">What it subscribes to.</param>
/// <param name="heartbeat">How often it sends a heartbeat.</param>
/// <param name="watch">Who is told.</param>
internal sealed class ClassicMember(IBrokerConnection connection, string group, string topic, TimeSpan heartbeat,
    GroupWatch watch) : IGroupMember
{
    private const short JoinVersion = 7;
    private const short SyncVersion = 5;
    private const short HeartbeatVersion = 4;
    private const short LeaveVersion = 4;
    private const string Protocol = "range";
    private const string ProtocolType = "consumer";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private string _memberId = "";

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                stopping.ThrowIfCancellationRequested();
                var join = await JoinAsync(stopping);
                if (await SyncAsync(join, stopping) is { } partitions)
                {
                    watch.Report(this, join.GenerationId, partitions);
                    await StayAsync(join.GenerationId, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await LeaveAsync();
        }
        finally
        {
            watch.Remove(this);
            await connection.DisposeAsync();
        }
    }

    private async Task<JoinGroupResponse> JoinAsync(CancellationToken cancellation)
    {
        var subscription = VersionedBytes.Write(new ConsumerProtocolSubscription { Topics = [topic] }, 1);
        while (true)
        {
            var answer = (await connection.SendAsync(
                new JoinGroupRequest
                {
                    GroupId = group, MemberId = _memberId, ProtocolType = ProtocolType,
                    SessionTimeoutMs = 45_000, RebalanceTimeoutMs = 60_000,
                    Protocols = [new JoinGroupRequest.JoinGroupRequestProtocol { Name = Protocol, Metadata = subscription }],
                },
                JoinVersion, Timeout, cancellation)).Message;
            _memberId = answer.ErrorCode == ErrorCode.UnknownMemberId ? "" : answer.MemberId;
            if (answer.ErrorCode == ErrorCode.None)
            {
                return answer;
            }

            if (answer.ErrorCode is not (ErrorCode.MemberIdRequired or ErrorCode.UnknownMemberId)
                && !ErrorCodes.IsRetriable(answer.ErrorCode))
            {
                throw new BrokerException(answer.ErrorCode, $"join group {group}");
            }
        }
    }

    // The number of partitions, or null when the group rebalances again.
    private async Task<int?> SyncAsync(JoinGroupResponse join, CancellationToken cancellation)
    {
        var answer = (await connection.SendAsync(
            new SyncGroupRequest
            {
                GroupId = group, MemberId = _memberId, GenerationId = join.GenerationId, ProtocolType = ProtocolType,
                    ProtocolName = Protocol,
                Assignments = join.Leader == _memberId ? AssignmentsOf(join.Members) : [],
            },
            SyncVersion, Timeout, cancellation)).Message;
        return answer.ErrorCode switch
        {
            ErrorCode.None => VersionedBytes.Read<ConsumerProtocolAssignment>(answer.Assignment).AssignedPartitions.Sum(t =>
                t.Partitions.Count),
            ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration => null,
            ErrorCode.UnknownMemberId => Forgotten(),
            var error => throw new BrokerException(error, $"sync group {group}"),
        };
    }

    private List<SyncGroupRequest.SyncGroupRequestAssignment> AssignmentsOf(List<JoinGroupResponse.JoinGroupResponseMember> members) =>
    [
        .. members.Select((member, i) => new SyncGroupRequest.SyncGroupRequestAssignment
        {
            MemberId = member.MemberId,
            Assignment = VersionedBytes.Write(
                new ConsumerProtocolAssignment
                {
                    AssignedPartitions = [new ConsumerProtocolAssignment.TopicPartition { Topic = topic, Partitions = [i] }],
                },
                1),
        }),
    ];

    private async Task StayAsync(int generation, CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(heartbeat, TimeProvider.System, stopping);
            var beat = new HeartbeatRequest { GroupId = group, MemberId = _memberId, GenerationId = generation };
            var answer = (await connection.SendAsync(beat, HeartbeatVersion, Timeout, stopping)).Message;
            switch (answer.ErrorCode)
            {
                case ErrorCode.None:
                    continue;
                case ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration:
                    return;
                case ErrorCode.UnknownMemberId:
                    Forgotten();
                    return;
                case var error:
                    throw new BrokerException(error, $"heartbeat to group {group}");
            }
        }
    }

    private int? Forgotten()
    {
        _memberId = "";
        return null;
    }

    private async Task LeaveAsync()
    {
        var leave = new LeaveGroupRequest { GroupId = group, Members = [new LeaveGroupRequest.MemberIdentity { MemberId = _memberId }] };
        await connection.SendAsync(leave, LeaveVersion, Timeout, CancellationToken.None);
    }
}
