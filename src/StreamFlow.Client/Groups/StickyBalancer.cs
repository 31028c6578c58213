using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>
/// Balances partitions while moving as few as possible: members first keep what they own (the newest generation wins a dispute), then
/// partitions without an owner go to whoever has least, then partitions move from full members to empty ones until nobody has two more than
/// another.
/// </summary>
internal sealed class StickyBalancer
{
    private readonly GroupAssignmentContext _context;
    private readonly List<string> _members;
    private readonly Dictionary<string, List<TopicPartition>> _result;
    private readonly Dictionary<string, HashSet<string>> _topics;

    private StickyBalancer(GroupAssignmentContext context)
    {
        _context = context;
        _members = PartitionNumbers.OrderedMembers(context);
        _result = _members.ToDictionary(m => m, _ => new List<TopicPartition>(), StringComparer.Ordinal);
        _topics = _members.ToDictionary(m => m, m => context.Members[m].Topics.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    public static Dictionary<string, List<TopicPartition>> Balance(
        GroupAssignmentContext context, Func<MemberSubscription, (int Generation, IReadOnlyList<TopicPartition> Partitions)> owned)
    {
        var balancer = new StickyBalancer(context);
        var unowned = balancer.KeepOwned(owned);
        foreach (var partition in unowned)
        {
            if (balancer.LeastLoaded(partition.Topic) is { } member)
            {
                balancer._result[member].Add(partition);
            }
        }

        balancer.EvenOut();
        foreach (var partitions in balancer._result.Values)
        {
            partitions.Sort();
        }

        return balancer._result;
    }

    private List<TopicPartition> KeepOwned(Func<MemberSubscription, (int Generation, IReadOnlyList<TopicPartition> Partitions)> owned)
    {
        var free = PartitionNumbers.SubscribedTopics(_context).SelectMany(t => PartitionNumbers.PartitionsOf(_context, t)).ToHashSet();
        var claims = _members.Select(m => (Member: m, Owned: owned(_context.Members[m]))).OrderByDescending(c => c.Owned.Generation);
        foreach (var (member, (_, partitions)) in claims)
        {
            foreach (var partition in partitions)
            {
                if (_topics[member].Contains(partition.Topic) && free.Remove(partition))
                {
                    _result[member].Add(partition);
                }
            }
        }

        return free.Order().ToList();
    }

    private string? LeastLoaded(string topic) => _members.Where(m => _topics[m].Contains(topic)).MinBy(m => _result[m].Count);

    private void EvenOut()
    {
        var moved = true;
        while (moved)
        {
            moved = false;
            foreach (var giver in _members.OrderByDescending(m => _result[m].Count).ToList())
            {
                for (var i = _result[giver].Count - 1; i >= 0; i--)
                {
                    var partition = _result[giver][i];
                    var taker = LeastLoaded(partition.Topic)!;
                    if (_result[giver].Count - _result[taker].Count >= 2)
                    {
                        _result[giver].RemoveAt(i);
                        _result[taker].Add(partition);
                        moved = true;
                    }
                }
            }
        }
    }
}
