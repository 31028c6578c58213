using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Cli.Bench.Broker.Groups;

/// <summary>A member of a KIP-848 group, on a connection of its own: takes and gives up partitions as it is told, at once.</summary>
/// <param name="connection">Its connection, to the coordinator.</param>
/// <param name="group">The group.</param>
/// <param name="topic">What it subscribes to.</param>
/// <param name="heartbeat">How often it sends a heartbeat.</param>
/// <param name="watch">Who is told.</param>
internal sealed class ConsumerMember(IBrokerConnection connection, string group, string topic, TimeSpan heartbeat,
    GroupWatch watch) : IGroupMember
{
    private const short Version = 1;
    private const int Leaves = -1;
    private const int RebalanceTimeoutMs = 60_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly string _id = Guid.NewGuid().ToString();
    private List<ConsumerGroupHeartbeatRequest.TopicPartitionsData> _owned = [];
    private int _epoch;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var isChanged = true;
            while (true)
            {
                isChanged = await BeatAsync(isChanged, stopping);
                if (!isChanged)
                {
                    await Task.Delay(heartbeat, TimeProvider.System, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            var leave = new ConsumerGroupHeartbeatRequest { GroupId = group, MemberId = _id, MemberEpoch = Leaves };
            await connection.SendAsync(leave, Version, Timeout, CancellationToken.None);
        }
        finally
        {
            watch.Remove(this);
            await connection.DisposeAsync();
        }
    }

    // Whether the answer changed what the member has, which it says in its next heartbeat.
    private async Task<bool> BeatAsync(bool isChanged, CancellationToken stopping)
    {
        var beat = new ConsumerGroupHeartbeatRequest { GroupId = group, MemberId = _id, MemberEpoch = _epoch };
        if (_epoch == 0)
        {
            beat.RebalanceTimeoutMs = RebalanceTimeoutMs;
            beat.SubscribedTopicNames = [topic];
        }

        if (isChanged)
        {
            beat.TopicPartitions = _owned;
        }

        var answer = (await connection.SendAsync(beat, Version, Timeout, stopping)).Message;
        if (answer.ErrorCode is ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId)
        {
            (_epoch, _owned) = (0, []);
            return true;
        }

        if (answer.ErrorCode != ErrorCode.None)
        {
            throw new BrokerException(answer.ErrorCode, $"heartbeat to group {group}", answer.ErrorMessage);
        }

        _epoch = answer.MemberEpoch;
        if (answer.Assignment is { } assignment)
        {
            _owned =
            [
                .. assignment.TopicPartitions.Select(
                    t => new ConsumerGroupHeartbeatRequest.TopicPartitionsData { TopicId = t.TopicId, Partitions = t.Partitions }),
            ];
        }

        watch.Report(this, _epoch, _owned.Sum(t => t.Partitions.Count));
        return answer.Assignment is not null;
    }
}
