using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Testing;

/// <summary>
/// Runs a topology over records piped in by a test: the tasks that production runs, with serialised records, topics of one
/// partition in memory, and a clock that the test moves. Every call returns when everything that follows from it is done.
/// </summary>
/// <example>
/// <code>
/// using var driver = new TopologyTestDriver(builder.Build());
/// driver.CreateInputTopic&lt;string, string&gt;("in").PipeInput("key", "value", 0);
/// var counts = driver.CreateOutputTopic&lt;string, long&gt;("counts").ReadAll();
/// </code>
/// </example>
public sealed class TopologyTestDriver : IDisposable
{
    private readonly MemoryCluster _cluster = new();
    private readonly TestClock _clock;
    private readonly StreamTask? _global;
    private readonly HashSet<string> _taskTopics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _globalTopics = new(StringComparer.Ordinal);
    private readonly List<DroppedRecords> _earlierDrops = [];
    private readonly Topology _topology;
    private readonly TaskOptions _options;
    private StreamTask _task;

    /// <summary>Makes the tasks.</summary>
    /// <param name="topology">What to run.</param>
    /// <param name="options">How; null for the defaults.</param>
    public TopologyTestDriver(Topology topology, TestDriverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        options ??= new();
        _topology = topology;
        _clock = new TestClock(options.InitialWallClock);
        _options = new TaskOptions
        {
            ApplicationId = options.ApplicationId,
            Errors = options.Errors,
            EmitInterval = options.EmitInterval,
        };
        if (topology.Global is { } global)
        {
            _global = new StreamTask(
                new TaskId(-1, 0), [global], _options, new LoggedMemoryState(_cluster, options.ApplicationId), _cluster, _clock);
            foreach (var topic in global.SourceTopics)
            {
                _globalTopics.Add(topic.Name);
                _global.AddPartition(new TopicPartition(topic.Name, 0));
            }
        }

        _task = OpenTask();
        foreach (var topic in topology.Subtopologies.SelectMany(s => s.SourceTopics))
        {
            var name = topic.IsInternal ? InternalTopics.FullName(options.ApplicationId, topic.Name) : topic.Name;
            if (_taskTopics.Add(name))
            {
                _task.AddPartition(new TopicPartition(name, 0));
            }
        }
    }

    /// <summary>The wall clock.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>Records dropped for any reason, global tables included.</summary>
    public long DroppedRecords => _task.Dropped.Total + (_global?.Dropped.Total ?? 0) + _earlierDrops.Sum(d => d.Total);

    /// <summary>The topics that anything was written to, repartition and changelog topics included.</summary>
    public IReadOnlyCollection<string> ProducedTopicNames => [.. _cluster.TopicNames.Where(t => _cluster[t].Produced.Count > 0)];

    /// <summary>Records dropped for one reason, global tables included.</summary>
    public long Dropped(DropReason reason) =>
        _task.Dropped[reason] + (_global?.Dropped[reason] ?? 0) + _earlierDrops.Sum(d => d[reason]);

    /// <summary>A way to pipe records into a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="keySerde">Writes keys; null: the built-in serde of the type.</param>
    /// <param name="valueSerde">Writes values; null: the built-in serde of the type.</param>
    public TestInputTopic<TKey, TValue> CreateInputTopic<TKey, TValue>(
        string topic, Serde<TKey>? keySerde = null, Serde<TValue>? valueSerde = null) =>
        new(this, topic, keySerde ?? Builtin<TKey>(topic), valueSerde ?? Builtin<TValue>(topic));

    /// <summary>A way to read what was written to a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="keySerde">Reads keys; null: the built-in serde of the type.</param>
    /// <param name="valueSerde">Reads values; null: the built-in serde of the type.</param>
    public TestOutputTopic<TKey, TValue> CreateOutputTopic<TKey, TValue>(
        string topic, Serde<TKey>? keySerde = null, Serde<TValue>? valueSerde = null) =>
        new(_cluster[topic], topic, keySerde ?? Builtin<TKey>(topic), valueSerde ?? Builtin<TValue>(topic));

    /// <summary>Pipes one record in as bytes and processes all that follows from it.</summary>
    /// <exception cref="StreamsException">The topology does not read the topic.</exception>
    /// <exception cref="RecordFailedException">A record failed and the handler said to stop.</exception>
    public void PipeBytes(string topic, TopicRecord record)
    {
        if (!_globalTopics.Contains(topic) && !Reads(topic))
        {
            throw new StreamsException(
                $"the topology does not read topic '{topic}'; it reads {string.Join(", ", _taskTopics.Concat(_globalTopics))}");
        }

        _cluster.Append(topic, record);
        Run();
    }

    /// <summary>Reads the records, as bytes, that the topology wrote to a topic since they were read last.</summary>
    public IReadOnlyList<TopicRecord> ReadBytes(string topic)
    {
        var found = _cluster[topic];
        TopicRecord[] records = [.. found.Produced.Skip(found.ReadPosition)];
        found.ReadPosition = found.Produced.Count;
        return records;
    }

    /// <summary>Moves the wall clock and runs the punctuations that are due.</summary>
    /// <exception cref="RecordFailedException">A record failed and the handler said to stop.</exception>
    public void AdvanceWallClockTime(TimeSpan by)
    {
        _clock.Advance(by);
        _task.PunctuateWallClock();
        Run();
    }

    /// <summary>
    /// Goes on as another instance would after this one was lost: with new operators, and stores filled from their changelogs. What
    /// processors keep outside of stores is gone, and their punctuations are scheduled anew; global tables stay.
    /// </summary>
    public void Restart()
    {
        var lost = _task;
        _task = OpenTask();
        foreach (var name in _taskTopics)
        {
            var partition = new TopicPartition(name, 0);
            _task.AddPartition(partition, lost.PartitionTime(partition));
        }

        _task.RestoreNotes(lost.Notes);
        _earlierDrops.Add(lost.Dropped);
        lost.Dispose();
    }

    /// <summary>A store by its name, as the interface it has.</summary>
    /// <typeparam name="TStore">For example <see cref="ITimestampedKeyValueStore{TKey,TValue}"/> for the store of a table.</typeparam>
    /// <exception cref="StreamsException">There is no such store, or it is of another kind.</exception>
    public TStore GetStore<TStore>(string name)
        where TStore : class, IStateStore
    {
        var store = _task.Stores.Concat(_global?.Stores ?? []).FirstOrDefault(s => s.Name == name)
            ?? throw new StreamsException(
                $"the topology has no store '{name}'; it has {string.Join(", ", _topology.Stores.Select(s => s.Name))}");
        return store as TStore ?? throw new StreamsException($"store '{name}' is not a {typeof(TStore)}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _task.Dispose();
        _global?.Dispose();
    }

    private StreamTask OpenTask() => new(
        new TaskId(0, 0),
        _topology.Subtopologies,
        _options,
        new LoggedMemoryState(_cluster, _options.ApplicationId),
        _cluster,
        _clock,
        _global?.Stores);

    private static Serde<T> Builtin<T>(string topic) =>
        Serdes.Default<T>() ?? throw new StreamsException($"there is no built-in serde for {typeof(T)}; give one for topic '{topic}'");

    private bool Reads(string topic)
    {
        if (_taskTopics.Contains(topic))
        {
            return true;
        }

        var matches = _topology.Subtopologies.SelectMany(s => s.SourcePatterns).Any(
            p => p.Match(topic) is { Success: true } m && m.Length == topic.Length);
        if (matches)
        {
            _taskTopics.Add(topic);
            _task.AddPartition(new TopicPartition(topic, 0));
        }

        return matches;
    }

    private void Run()
    {
        Feed();
        do
        {
            while (_task.Process(1) > 0)
            {
                Feed();
            }

            _task.PrepareCommit();
            Feed(); // coalesced updates may have gone to topics that the topology reads
            _task.CompleteCommit();
        }
        while (_task.HasRecords);
    }

    /// <summary>
    /// Hands records that were written to topics the topology reads to its tasks, in the order in which they were written; global tables
    /// follow at once.
    /// </summary>
    private void Feed()
    {
        while (_cluster.Arrivals.TryDequeue(out var arrival))
        {
            if (_globalTopics.Contains(arrival.Topic))
            {
                Feed(_global!, arrival.Topic, arrival.Offset);
                while (_global!.Process(int.MaxValue) > 0)
                {
                }
            }

            if (_taskTopics.Contains(arrival.Topic))
            {
                Feed(_task, arrival.Topic, arrival.Offset);
            }
        }
    }

    private void Feed(StreamTask task, string topic, int offset)
    {
        var batch = _cluster[topic].Batch(offset);
        RecordBatchView.TryRead(batch, out var view);
        task.AddRecords(new TopicPartition(topic, 0), new RecordCursor(in view), batch.AsMemory(RecordBatch.HeaderSize));
    }
}
