using System.Globalization;
using StreamFlow.Client.Administration;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// Checks the topics a topology reads and creates those it keeps for itself: repartition topics and changelogs, with Kafka Streams'
/// settings. Done by every instance before it joins the group; creating what exists already changes nothing.
/// </summary>
internal sealed class InternalTopicSetup(Topology topology, StreamsOptions options, IAdmin admin)
{
    private const string SegmentBytes = "52428800";
    private static readonly TimeSpan VersionedCompactionLag = TimeSpan.FromDays(1);

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Makes sure that all topics are there.</summary>
    /// <returns>The number of partitions of every topic the application reads, by full name.</returns>
    /// <exception cref="StreamsException">A source topic does not exist, co-partitioned topics differ, or an internal topic has the wrong
    /// size.</exception>
    public async Task<IReadOnlyDictionary<string, int>> RunAsync(CancellationToken cancellationToken)
    {
        await LoadCountsAsync(cancellationToken).ConfigureAwait(false);
        CheckSources();
        var existing = new Dictionary<string, int>(_counts, StringComparer.Ordinal);
        SizeRepartitionTopics();
        CheckCopartitioning();
        var wanted = topology.RepartitionTopics.Select(NewRepartitionTopic).Concat(NewChangelogs()).ToList();
        await LoadExistingAsync(wanted, existing, cancellationToken).ConfigureAwait(false);
        CheckSizes(wanted, existing);
        var missing = wanted.Where(t => !existing.ContainsKey(t.Name)).ToList();
        if (missing.Count > 0)
        {
            await admin.CreateTopicsAsync(missing, ignoreExisting: true, cancellationToken).ConfigureAwait(false);
        }

        return _counts;
    }

    private string FullName(string internalName) => InternalTopics.FullName(options.ApplicationId, internalName);

    private async Task LoadCountsAsync(CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var parts = topology.Global is { } global ? topology.Subtopologies.Append(global).ToList() : topology.Subtopologies;
        var all = parts.Any(p => p.SourcePatterns.Count > 0)
            ? await admin.ListTopicsAsync(cancellationToken: cancellationToken).ConfigureAwait(false)
            : [];
        foreach (var part in parts)
        {
            names.UnionWith(PartitionPlan.SourceNames(part, options.ApplicationId, all));
        }

        foreach (var (name, topic) in await admin.DescribeTopicsAsync(names, cancellationToken).ConfigureAwait(false))
        {
            _counts[name] = topic.Partitions.Count;
        }
    }

    private void CheckSources()
    {
        var missing = topology.Subtopologies.Concat(topology.Global is { } global ? [global] : [])
            .SelectMany(
                p =>
                    p.SourceTopics).Where(t => !t.IsInternal && !_counts.ContainsKey(
                        t.Name)).Select(t => $"'{t.Name}'").Distinct().ToList();
        if (missing.Count > 0)
        {
            throw new StreamsException(
                $"application '{options.ApplicationId}' reads {string.Join(", ", missing)}, which does not exist; " +
                "create it (streamflow topics create NAME --partitions N) or correct the name");
        }
    }

    /// <summary>
    /// A repartition topic without a size of its own gets the largest size among the inputs of the parts that write it; sizes flow along
    /// the topology, so this repeats until nothing changes. Members of a co-partitioned group share the group's size, which is that of its
    /// source topics where it has any.
    /// </summary>
    private void SizeRepartitionTopics()
    {
        var sized = topology.RepartitionTopics.Where(
            t => t.Partitions is not null).ToDictionary(t => FullName(t.Name), t => t.Partitions!.Value);
        foreach (var (name, count) in sized)
        {
            _counts[name] = count;
        }

        foreach (var topic in topology.RepartitionTopics.Where(t => t.Partitions is null))
        {
            _counts.Remove(FullName(topic.Name));
        }

        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var topic in topology.RepartitionTopics.Where(t => t.Partitions is null))
            {
                var size = FixedSizeOfGroup(topic.Name) ?? Math.Max(SizeOfWriters(topic.Name), SizeOfGroup(topic.Name));
                if (size > _counts.GetValueOrDefault(FullName(topic.Name)))
                {
                    _counts[FullName(topic.Name)] = size;
                    changed = true;
                }
            }
        }

        var unsized = topology.RepartitionTopics.Where(t => !_counts.ContainsKey(FullName(t.Name))).Select(t => t.Name).ToList();
        if (unsized.Count > 0)
        {
            throw new StreamsException(
                $"the size of the repartition topics {string.Join(", ", unsized)} depends on themselves; give one a number of partitions");
        }
    }

    private int SizeOfWriters(string topic)
    {
        var size = 0;
        foreach (var part in topology.Subtopologies.Where(p => p.InternalSinkTopics.Contains(topic)))
        {
            foreach (var source in PartitionPlan.SourceNames(part, options.ApplicationId, _counts.Keys.ToList()))
            {
                size = Math.Max(size, _counts.GetValueOrDefault(source));
            }
        }

        return size;
    }

    /// <summary>The size that a topic of its group already has, or was given by the user; null when nobody in the group says.</summary>
    private int? FixedSizeOfGroup(string topic)
    {
        int? size = null;
        foreach (var name in topology.CopartitionGroups.Where(g => g.Contains(topic)).SelectMany(g => g))
        {
            if (!topology.RepartitionTopics.Any(t => t.Name == name && t.Partitions is null)
                && _counts.TryGetValue(NameInGroup(name), out var count))
            {
                size = Math.Max(size ?? 0, count);
            }
        }

        return size;
    }

    private int SizeOfGroup(string topic)
    {
        var size = 0;
        foreach (var group in topology.CopartitionGroups.Where(g => g.Contains(topic)))
        {
            size = Math.Max(size, group.Max(name => _counts.GetValueOrDefault(NameInGroup(name))));
        }

        return size;
    }

    private void CheckCopartitioning()
    {
        foreach (var group in topology.CopartitionGroups)
        {
            var sizes = group.Select(name => (Name: NameInGroup(name), Count: _counts.GetValueOrDefault(NameInGroup(name)))).ToList();
            if (sizes.Select(s => s.Count).Distinct().Count() > 1)
            {
                throw new StreamsException(
                    "topics that are joined must have the same number of partitions, but "
                + $"{string.Join(", ", sizes.Select(s => $"'{s.Name}' has {s.Count}"))}; " +
                    "repartition one of them (Repartitioned.WithPartitions) or create it anew");
            }
        }
    }

    private string NameInGroup(string name) =>
        topology.RepartitionTopics.Any(t => t.Name == name) ? FullName(name) : name;

    private NewTopic NewRepartitionTopic(RepartitionTopic topic) => new(
        FullName(topic.Name), _counts[FullName(topic.Name)], (short)options.ReplicationFactor, new Dictionary<string,
            string>(StringComparer.Ordinal)
        {
            ["cleanup.policy"] = "delete",
            ["retention.ms"] = "-1",
            ["segment.bytes"] = SegmentBytes,
            ["message.timestamp.type"] = "CreateTime",
        });

    private IEnumerable<NewTopic> NewChangelogs()
    {
        foreach (var part in topology.Subtopologies)
        {
            var tasks = PartitionPlan.SourceNames(part, options.ApplicationId, _counts.Keys.ToList(
                )).Max(name => _counts.GetValueOrDefault(name));
            foreach (var store in part.StoreDescriptors.Where(s => s.IsLogged && s.SourceTopic is null && !s.IsGlobal))
            {
                yield return new NewTopic(
                    InternalTopics.Changelog(
                        options.ApplicationId, store.Name), tasks, (short)options.ReplicationFactor, ChangelogConfig(store));
            }
        }
    }

    private Dictionary<string, string> ChangelogConfig(StoreDescriptor store)
    {
        var config = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cleanup.policy"] = store.IsTimed ? store.RetainsDuplicates ? "delete" : "compact,delete" : "compact",
            ["message.timestamp.type"] = "CreateTime",
        };
        if (store.IsTimed)
        {
            config["retention.ms"] = Milliseconds(TimeSpan.FromMilliseconds(store.RetentionMs) + options.ChangelogExtraRetention);
        }
        else if (store.Kind == StoreKind.VersionedKeyValue)
        {
            config["min.compaction.lag.ms"] = Milliseconds(TimeSpan.FromMilliseconds(store.RetentionMs) + VersionedCompactionLag);
        }

        foreach (var (key, value) in store.ChangelogConfig)
        {
            config[key] = value;
        }

        return config;
    }

    private async Task LoadExistingAsync(List<NewTopic> wanted, Dictionary<string, int> existing, CancellationToken cancellationToken)
    {
        foreach (var (name, topic) in await admin.DescribeTopicsAsync(wanted.Select(t => t.Name), cancellationToken).ConfigureAwait(false))
        {
            existing[name] = topic.Partitions.Count;
        }
    }

    private void CheckSizes(List<NewTopic> wanted, Dictionary<string, int> existing)
    {
        foreach (var topic in wanted)
        {
            if (existing.TryGetValue(topic.Name, out var count) && count != topic.Partitions)
            {
                throw new StreamsException(
                    $"the internal topic '{topic.Name}' has {count} partitions, but application '{options.ApplicationId}' needs "
                        + $"{topic.Partitions}: " +
                    "its inputs were resized; stop all instances, delete the application's internal topics and state, and start anew");
            }
        }
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
