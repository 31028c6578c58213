using StreamFlow.Core.Topics;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// Which partitions each task reads, given how many partitions the topics have. A part of the topology has as many tasks as its largest
/// input has partitions; task n reads partition n of every input that has one.
/// </summary>
internal sealed class PartitionPlan
{
    private readonly Dictionary<TaskId, List<TopicPartition>> _partitions = [];
    private readonly Dictionary<TopicPartition, TaskId> _tasks = [];

    /// <summary>Makes the plan.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="applicationId">Prefix of internal topics.</param>
    /// <param name="counts">Partitions of topics by full name; topics that do not exist are missing.</param>
    public PartitionPlan(Topology topology, string applicationId, IReadOnlyDictionary<string, int> counts)
    {
        foreach (var part in topology.Subtopologies)
        {
            foreach (var topic in SourceNames(part, applicationId, counts.Keys))
            {
                for (var partition = 0; partition < counts.GetValueOrDefault(topic); partition++)
                {
                    var task = new TaskId(part.Id, partition);
                    var input = new TopicPartition(topic, partition);
                    if (!_partitions.TryGetValue(task, out var inputs))
                    {
                        _partitions.Add(task, inputs = []);
                    }

                    inputs.Add(input);
                    if (!_tasks.TryAdd(input, task))
                    {
                        throw new StreamsException(
                            $"topic '{topic}' is read by two unconnected parts of the topology ({_tasks[input].Subtopology} and "
                                + $"{part.Id}); read it once and branch");
                    }
                }
            }
        }
    }

    /// <summary>All tasks with their inputs.</summary>
    public IReadOnlyDictionary<TaskId, List<TopicPartition>> Tasks => _partitions;

    /// <summary>The task that reads a partition; null when none does.</summary>
    public TaskId? TaskOf(TopicPartition partition) => _tasks.TryGetValue(partition, out var task) ? task : null;

    /// <summary>Full names of the topics a part reads, those found by pattern among the existing ones included.</summary>
    public static IEnumerable<string> SourceNames(Subtopology part, string applicationId, IEnumerable<string> existing)
    {
        var names = part.SourceTopics.Select(t => FullName(t, applicationId));
        var patterns = part.SourcePatterns;
        return patterns.Count == 0
            ? names.Distinct(StringComparer.Ordinal)
            : names.Concat(existing.Where(name => patterns.Any(p => p.Match(name) is { Success: true } m && m.Length == name.Length)))
                .Distinct(StringComparer.Ordinal);
    }

    /// <summary>A source topic's full name.</summary>
    public static string FullName(SourceTopic topic, string applicationId) =>
        topic.IsInternal ? InternalTopics.FullName(applicationId, topic.Name) : topic.Name;
}
