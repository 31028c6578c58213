using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Groups;
using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Tests.Runtime.Fakes;

/// <summary>
/// The group of the fake cluster. A rebalance happens at once in the poll of whoever asks for it: the assignor is asked, every member is told at
/// its next poll; a member that had to give something up asks for the next one.
/// </summary>
internal sealed class FakeGroup
{
    private readonly List<FakeConsumer> _members = [];
    private int _nextMember;

    public int Generation { get; private set; }

    public string Join(FakeConsumer member)
    {
        _members.Add(member);
        return $"member-{_nextMember++}";
    }

    public void Leave(FakeConsumer member) => _members.Remove(member);

    public bool IsCurrent(ConsumerGroupMetadata group) =>
        group.GenerationId == Generation && _members.Exists(m => m.MemberId == group.MemberId);

    /// <summary>Assigns anew; members take their share at their next poll.</summary>
    public void Rebalance(FakeCluster cluster)
    {
        if (_members.Count == 0)
        {
            return;
        }

        var subscriptions = _members.ToDictionary(m => m.MemberId, m => new MemberSubscription(
            [.. m.Subscription], [.. m.Assignment], m.Assignor.GetUserData(m.Subscription), m.Generation));
        var counts = _members.SelectMany(m => m.Subscription).Distinct().Where(cluster.Topics.ContainsKey).ToDictionary(t => t, t => cluster.Topics[t].Length);
        IReadOnlyDictionary<string, MemberAssignment> assignments = new Dictionary<string, MemberAssignment>();
        async Task AskAsync() => assignments = await _members[0].Assignor.AssignAsync(
            new GroupAssignmentContext(_members[0].MemberId, subscriptions, counts), default);
        var asked = AskAsync();
        Assert.True(asked.IsCompletedSuccessfully);
        Generation++;
        foreach (var (id, assignment) in assignments)
        {
            _members.Single(m => m.MemberId == id).Pending = assignment;
        }
    }
}
