namespace StreamFlow.Broker.Groups.Consumers.Assignors;

/// <summary>
/// Balances the number of partitions over the members and moves as few as it can: members keep what they have, what nobody has goes to
/// the reader with the least, and then partitions move from the fullest reader of a topic to its emptiest while that makes them more equal.
/// </summary>
internal sealed class UniformAssignor : IGroupAssignor
{
    /// <inheritdoc/>
    public string Name => "uniform";

    /// <inheritdoc/>
    public Dictionary<string, HashSet<TopicIdPartition>> Assign(IReadOnlyList<AssignedTopic> topics, IReadOnlyList<AssignedMember> members)
    {
        var loads = members.OrderBy(m => m.InstanceId ?? m.MemberId, StringComparer.Ordinal).Select(m => new Load(m)).ToArray();
        var readers = topics.ToDictionary(t => t.Id, t => Array.FindAll(loads, l => l.Member.Topics.Contains(t.Id)));
        foreach (var topic in topics)
        {
            Keep(topic, readers[topic.Id]);
        }

        foreach (var topic in topics)
        {
            HandOut(topic, readers[topic.Id]);
        }

        // Every move makes the sum of the squares of the loads smaller, so this ends.
        bool moved;
        do
        {
            moved = false;
            foreach (var topic in topics)
            {
                moved |= Balance(topic.Id, readers[topic.Id]);
            }
        }
        while (moved);

        return loads.ToDictionary(
            l => l.Member.MemberId, l => l.Topics.SelectMany(t => t.Value.Select(p => new TopicIdPartition(t.Key, p))).ToHashSet(),
            StringComparer.Ordinal);
    }

    private static void Keep(AssignedTopic topic, Load[] readers)
    {
        var taken = new bool[topic.PartitionCount];
        foreach (var reader in readers)
        {
            for (var partition = 0; partition < taken.Length; partition++)
            {
                if (!taken[partition] && reader.Member.Current.Contains(new TopicIdPartition(topic.Id, partition)))
                {
                    taken[partition] = true;
                    reader.Add(topic.Id, partition);
                }
            }
        }
    }

    private static void HandOut(AssignedTopic topic, Load[] readers)
    {
        if (readers.Length == 0)
        {
            return;
        }

        var taken = readers.SelectMany(r => r.Of(topic.Id)).ToHashSet();
        for (var partition = 0; partition < topic.PartitionCount; partition++)
        {
            if (!taken.Contains(partition))
            {
                readers.MinBy(r => r.Count)!.Add(topic.Id, partition);
            }
        }
    }

    private static bool Balance(Guid topic, Load[] readers)
    {
        var moved = false;
        while (true)
        {
            var fullest = readers.Where(r => r.Of(topic).Count > 0).MaxBy(r => r.Count);
            var emptiest = readers.MinBy(r => r.Count);
            if (fullest is null || emptiest is null || fullest.Count - emptiest.Count < 2)
            {
                return moved;
            }

            emptiest.Add(topic, fullest.TakeLast(topic));
            moved = true;
        }
    }

    /// <summary>What a member gets so far.</summary>
    private sealed class Load(AssignedMember member)
    {
        public AssignedMember Member { get; } = member;

        public Dictionary<Guid, SortedSet<int>> Topics { get; } = [];

        public int Count { get; private set; }

        public SortedSet<int> Of(Guid topic) => Topics.TryGetValue(topic, out var partitions) ? partitions : [];

        public void Add(Guid topic, int partition)
        {
            if (!Topics.TryGetValue(topic, out var partitions))
            {
                Topics[topic] = partitions = [];
            }

            partitions.Add(partition);
            Count++;
        }

        public int TakeLast(Guid topic)
        {
            var last = Topics[topic].Max;
            Topics[topic].Remove(last);
            Count--;
            return last;
        }
    }
}
