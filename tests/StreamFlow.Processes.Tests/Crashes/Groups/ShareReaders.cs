using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>
/// A share group (KIP-932) that reads a topic of dense offsets while the broker crashes. Each record is dealt with by some member, and none
/// is handed out again once the broker has confirmed that; see <see cref="ShareLedger"/>.
/// </summary>
internal sealed class ShareReaders : IAsyncDisposable
{
    private readonly GroupTarget _target;
    private readonly ShareLedger _ledger;
    private readonly RunningMembers _members;

    /// <param name="target">The group, which begins at the topic's start.</param>
    /// <param name="seeds">One for each member.</param>
    public ShareReaders(GroupTarget target, IEnumerable<int> seeds)
    {
        (_target, _ledger) = (target, new ShareLedger(target.Lives));
        _members = new RunningMembers(
            seeds.Select(seed => (Func<CancellationToken, Task>)new ShareMember(target, _ledger, seed).RunAsync).ToArray());
    }

    /// <summary>What has happened, in words.</summary>
    public string Summary => $"share group: {_ledger.Done} records done with, {_ledger.Redelivered} stretches handed out again";

    /// <summary>Waits until the group is done with everything below these offsets.</summary>
    public async Task CheckAsync(IEnumerable<KeyValuePair<TopicPartition, long>> ends)
    {
        await using var link = new BrokerLink(_target.Address);
        foreach (var (partition, end) in ends)
        {
            await Patiently.UntilAsync(async () =>
            {
                await _members.ThrowIfFailedAsync();
                var start = await StartAsync(link, partition.Partition);
                return start >= end ? null : $"the share group is done with {partition} to {start}, not to {end}";
            });
            _ledger.CheckNoneMissing(partition.Partition, end);
        }
    }

    public ValueTask DisposeAsync() => _members.DisposeAsync();

    private async Task<long> StartAsync(BrokerLink link, int partition)
    {
        var request = new DescribeShareGroupOffsetsRequest
        {
            Groups = [new() { GroupId = _target.Group, Topics = [new() { TopicName = _target.Topic, Partitions = [partition] }] }],
        };
        var answer = await link.SendAsync(request, 1, _members.Stopping);
        return answer?.Groups.SelectMany(g => g.Topics).SelectMany(t => t.Partitions).Select(p => p.StartOffset).FirstOrDefault(-1) ?? -1;
    }
}
