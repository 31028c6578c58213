using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Share;

/// <summary>
/// Hands partitions to members, several of whom may share one. Members of the same topics get the same number of partitions, give or
/// take one, and every partition has a reader; who has a partition keeps it as long as that is fair.
/// </summary>
internal static class SimpleAssignor
{
    /// <summary>Its name, which is the only one there is.</summary>
    public const string Name = "simple";

    /// <summary>What each member gets.</summary>
    /// <param name="members">The members, in order of their ids.</param>
    /// <param name="partitions">The partitions of each topic, by its name.</param>
    /// <param name="current">What each member was meant to have until now.</param>
    public static Dictionary<string, HashSet<TopicIdPartition>> Assign(
        IReadOnlyCollection<ShareMember> members,
        IReadOnlyDictionary<string, IReadOnlyList<TopicIdPartition>> partitions,
        Func<string, ImmutableHashSet<TopicIdPartition>> current)
    {
        var assignment = members.ToDictionary(m => m.MemberId, _ => new HashSet<TopicIdPartition>(), StringComparer.Ordinal);
        var first = members.FirstOrDefault()?.Topics;
        if (first is null)
        {
            return assignment;
        }

        if (members.All(m => m.Topics.SetEquals(first)))
        {
            Share([.. members], [.. first.SelectMany(t => partitions.GetValueOrDefault(t) ?? [])], current, assignment);
            return assignment;
        }

        foreach (var topic in members.SelectMany(m => m.Topics).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Share([.. members.Where(m => m.Topics.Contains(topic))], partitions.GetValueOrDefault(topic) ?? [], current, assignment);
        }

        return assignment;
    }

    private static void Share(
        IReadOnlyList<ShareMember> members,
        IReadOnlyList<TopicIdPartition> partitions,
        Func<string, ImmutableHashSet<TopicIdPartition>> current,
        Dictionary<string, HashSet<TopicIdPartition>> assignment)
    {
        if (partitions.Count == 0)
        {
            return;
        }

        string[] ids = [.. members.Select(m => m.MemberId)];
        var pairs = partitions.Count >= ids.Length
            ? Spread(partitions, ids, (p, m) => current(m).Contains(p)).Select(s => (Member: s.Taker, Partition: s.Item))
            : Spread(ids, partitions, (m, p) => current(m).Contains(p)).Select(s => (Member: s.Item, Partition: s.Taker));
        foreach (var (member, partition) in pairs)
        {
            assignment[member].Add(partition);
        }
    }

    /// <summary>Gives each item to one taker; takers have as many as each other, give or take one. There are not fewer items.</summary>
    private static List<(TItem Item, TTaker Taker)> Spread<TItem, TTaker>(
        IReadOnlyList<TItem> items, IReadOnlyList<TTaker> takers, Func<TItem, TTaker, bool> had)
    {
        var least = items.Count / takers.Count;
        var withMore = items.Count % takers.Count;
        var loads = new int[takers.Count];
        var owners = new int[items.Count];
        Array.Fill(owners, -1);
        for (var i = 0; i < items.Count; i++)
        {
            for (var t = 0; t < takers.Count && owners[i] < 0; t++)
            {
                if ((loads[t] < least || (loads[t] == least && withMore > 0)) && had(items[i], takers[t]))
                {
                    withMore -= loads[t] == least ? 1 : 0;
                    loads[t]++;
                    owners[i] = t;
                }
            }
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (owners[i] < 0)
            {
                owners[i] = Array.IndexOf(loads, loads.Min());
                loads[owners[i]]++;
            }
        }

        return [.. owners.Select((taker, i) => (items[i], takers[taker]))];
    }
}
