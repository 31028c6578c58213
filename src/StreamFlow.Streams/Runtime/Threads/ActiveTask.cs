using StreamFlow.Core.Topics;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>A task that a thread was given: its inputs, its stores, and once they are restored the operators that run.</summary>
internal sealed class ActiveTask : IDisposable
{
    private readonly Dictionary<TopicPartition, long> _inputs = [];

    public ActiveTask(TaskId id, IReadOnlyList<StoreDescriptor> stores) => 
        (Id, Stores, StoreNames) = (id, stores, [.. stores.Select(s => s.Name)]);

    public TaskId Id { get; }

    /// <summary>The stores it keeps; none when it is stateless.</summary>
    public IReadOnlyList<StoreDescriptor> Stores { get; }

    /// <summary>The names of its stores.</summary>
    public IReadOnlyList<string> StoreNames { get; }

    /// <summary>
    /// Input partitions, with the offsets they were at when the task was given, -1 without one. Walking this type allocates nothing.
    /// </summary>
    public Dictionary<TopicPartition, long> Inputs => _inputs;

    /// <summary>The stores on disk; null when it is stateless.</summary>
    public RocksDbStateBackend? State { get; set; }

    /// <summary>Stores that are being filled from changelogs.</summary>
    public List<StoreRestorer> Restorers { get; } = [];

    /// <summary>Changelogs of its stores, source topics that double as one included.</summary>
    public Dictionary<string, TopicPartition> Changelogs { get; } = new(StringComparer.Ordinal);

    /// <summary>The operators; null while stores are being restored.</summary>
    public StreamTask? Task { get; set; }

    /// <summary>When the stores' memtables were last brought to disk, by the thread's clock.</summary>
    public long FlushedAt { get; set; }

    /// <summary>Since when it waits for records of an empty partition, by the thread's clock; -1 when it does not.</summary>
    public long IdleSince { get; set; } = -1;

    /// <summary>What its operators noted at the last commit.</summary>
    public Dictionary<string, long> Notes { get; } = new(StringComparer.Ordinal);

    public void AddInput(TopicPartition partition, long committed) => _inputs.Add(partition, committed);

    /// <summary>
    /// The positions of the stores as of a commit: behind what was written to changelogs, or taken from a source that doubles as one.
    /// </summary>
    public IEnumerable<KeyValuePair<TopicPartition, long>> Positions(RecordCollector collector)
    {
        foreach (var changelog in Changelogs.Values)
        {
            if (_inputs.ContainsKey(changelog))
            {
                if (Task!.NextOffset(changelog) is var next and >= 0)
                {
                    yield return new(changelog, next);
                }
            }
            else if (collector.EndOf(changelog) is { } end && end > (State!.Database.PositionOf(changelog) ?? -1))
            {
                yield return new(changelog, end);
            }
        }
    }

    /// <summary>Closes operators and stores. What was not committed is lost, to be made again.</summary>
    public void Dispose()
    {
        Restorers.ForEach(r => r.Dispose());
        Restorers.Clear();
        Task?.Dispose();
        Task = null;
        State?.Dispose();
        State = null;
    }
}
