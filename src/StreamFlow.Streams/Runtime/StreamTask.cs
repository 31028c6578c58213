using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// The unit of work: the operators and stores of one partition of a sub-topology. It is stepped: the runtime's threads, the test
/// driver and simulations add batches, call <see cref="Process"/> and the punctuations, and commit. It owns no thread, starts no
/// timer and awaits nothing; it is used by one thread at a time and disposed by whoever made it.
/// </summary>
public sealed class StreamTask : IDisposable
{
    private readonly TaskContext _context;
    private readonly List<ProcessorNode> _nodes = [];
    private readonly IReadOnlyList<(SourceGraphNode Plan, ISourceNode Node)> _sources;
    private readonly Dictionary<TopicPartition, RecordQueue> _queues = [];
    private RecordQueue[] _line = [];
    private long _turn;

    /// <summary>Opens the stores and makes the operators.</summary>
    /// <param name="id">Which task this is.</param>
    /// <param name="subtopologies">What it runs: one in production, all of them under the test driver.</param>
    /// <param name="options">The application and its policies.</param>
    /// <param name="state">Where its stores live.</param>
    /// <param name="collector">Where its output goes.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="globalStores">The stores of global tables, which the task reads; null without any.</param>
    /// <param name="droppedByAll">Where the records it drops are counted together with those of other tasks; null for nowhere.</param>
    public StreamTask(
        TaskId id,
        IReadOnlyList<Subtopology> subtopologies,
        TaskOptions options,
        IStateBackend state,
        IRecordCollector collector,
        TimeProvider clock,
        IEnumerable<IStateStore>? globalStores = null,
        DroppedRecords? droppedByAll = null)
    {
        _context = new TaskContext(id, options, state, collector, clock, droppedByAll);
        foreach (var store in globalStores ?? [])
        {
            _context.AddGlobalStore((StateStore)store);
        }

        _sources = NodeGraph.Create(subtopologies, _context, _nodes);
    }

    /// <summary>Which task this is.</summary>
    public TaskId Id => _context.Id;

    /// <summary>The records it dropped, by reason.</summary>
    public DroppedRecords Dropped => _context.Dropped;

    /// <summary>Greatest time of any record taken, in ms; -1 before the first.</summary>
    public long StreamTime => _context.StreamTime;

    /// <summary>Whether user code asked for a commit since the last one.</summary>
    public bool CommitRequested => _context.CommitRequested;

    /// <summary>Whether anything was processed, or a punctuation ran, since the last commit.</summary>
    public bool NeedsCommit { get; private set; }

    /// <summary>Whether a record waits in some queue.</summary>
    public bool HasRecords
    {
        get
        {
            foreach (var queue in _line)
            {
                if (queue.HasHead)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The task's stores by name.</summary>
    public IEnumerable<IStateStore> Stores => _context.Stores;

    /// <summary>
    /// What operators must know after a restart (their stream time, up to where they emitted closed windows), by name, in ms; as of the
    /// last <see cref="PrepareCommit"/>. Committed with the input offsets.
    /// </summary>
    public IReadOnlyDictionary<string, long> Notes => _context.Notes;

    /// <summary>Hands back what was committed as <see cref="Notes"/>; call it before the first record.</summary>
    public void RestoreNotes(IReadOnlyDictionary<string, long> notes)
    {
        ArgumentNullException.ThrowIfNull(notes);
        foreach (var (name, value) in notes)
        {
            _context.Notes[name] = value;
        }

        foreach (var node in _nodes)
        {
            node.RestoreNotes();
        }
    }

    /// <summary>Adds an input partition. Topics found by pattern may be added at any time.</summary>
    /// <param name="partition">The partition; internal topics with their full name.</param>
    /// <param name="partitionTime">Its time as of the last commit in ms; -1 when unknown.</param>
    /// <exception cref="StreamsException">No source of the task reads the topic.</exception>
    public void AddPartition(TopicPartition partition, long partitionTime = -1)
    {
        foreach (var (plan, node) in _sources)
        {
            var name = plan.IsInternal ? InternalTopics.FullName(_context.Options.ApplicationId, plan.Topics[0]) : partition.Topic;
            if (plan.IsInternal ? name == partition.Topic : plan.Reads(partition.Topic))
            {
                var queue = node.CreateQueue(partition.Topic, partition.Partition);
                queue.PartitionTime = partitionTime;
                _context.StreamTime = Math.Max(_context.StreamTime, partitionTime);
                _queues.Add(partition, queue);
                _line = [.. _line, queue];
                return;
            }
        }

        throw new StreamsException($"task {Id} has no source that reads topic '{partition.Topic}'");
    }

    /// <summary>Adds fetched records behind those that wait already.</summary>
    /// <param name="partition">An input partition of the task.</param>
    /// <param name="cursor">Stands at the first record wanted.</param>
    /// <param name="records">The bytes the cursor walks: those behind a batch's header, decompressed.</param>
    /// <param name="owner">Disposed when the last record was taken; null when nobody cares.</param>
    public void AddRecords(TopicPartition partition, RecordCursor cursor, ReadOnlyMemory<byte> records, IDisposable? owner = null)
    {
        var queue = _queues[partition];
        queue.Add(cursor, records, owner);
        if (!queue.HasHead)
        {
            Refill(queue);
        }
    }

    /// <summary>Records of a partition that wait, the head included: for pausing the fetch.</summary>
    public int QueuedRecords(TopicPartition partition) => _queues[partition].Count;

    /// <summary>Where a restart goes on: behind the last record taken. -1 while none was taken.</summary>
    public long NextOffset(TopicPartition partition) => _queues[partition].NextOffset;

    /// <summary>The greatest time taken from a partition in ms; -1 while unknown. Committed with the offset.</summary>
    public long PartitionTime(TopicPartition partition) => _queues[partition].PartitionTime;

    /// <summary>
    /// Takes records, each through all its operators down to sinks and stores: always the one with the smallest time among the
    /// heads of the queues, of equal ones that of the queue that waited longest. Ends early when one of several queues runs empty: only
    /// the caller knows whether smaller times may still come there.
    /// </summary>
    /// <param name="maxRecords">How many at most.</param>
    /// <returns>How many were taken.</returns>
    /// <exception cref="RecordFailedException">A record failed and the handler said to stop.</exception>
    public int Process(int maxRecords)
    {
        var taken = 0;
        while (taken < maxRecords && Next() is { } queue)
        {
            _context.StreamTime = Math.Max(_context.StreamTime, queue.HeadTimestamp);
            queue.ProcessHead();
            Refill(queue);
            taken++;
            NeedsCommit = true;
            if (_context.HasStreamTimePunctuations)
            {
                PunctuateStreamTime();
            }

            if (!queue.HasHead && _line.Length > 1)
            {
                break;
            }
        }

        return taken;
    }

    /// <summary>Runs the punctuations that are due by the wall clock.</summary>
    /// <returns>Whether any ran.</returns>
    /// <exception cref="RecordFailedException">One failed and the handler said to stop.</exception>
    public bool PunctuateWallClock() => Punctuate(PunctuationType.WallClock, _context.WallClock);

    /// <summary>
    /// Writes every changed row to the stores and their changelogs. The runtime then makes output, changelogs and
    /// <see cref="NextOffset"/> durable together and calls <see cref="CompleteCommit"/>.
    /// </summary>
    public void PrepareCommit()
    {
        foreach (var node in _nodes)
        {
            node.BeforeCommit();
        }

        foreach (var store in _context.Stores)
        {
            store.Flush();
        }
    }

    /// <summary>Says that the commit is durable.</summary>
    public void CompleteCommit()
    {
        NeedsCommit = false;
        _context.CommitRequested = false;
    }

    /// <summary>Closes operators and stores. Changes since the last commit are lost, to be made again from the input.</summary>
    public void Dispose()
    {
        foreach (var queue in _line)
        {
            queue.Clear();
        }

        foreach (var node in _nodes)
        {
            node.Close();
        }

        foreach (var store in _context.Stores)
        {
            store.Dispose();
        }
    }

    private void PunctuateStreamTime() => Punctuate(PunctuationType.StreamTime, _context.StreamTime);

    private bool Punctuate(PunctuationType type, long now)
    {
        var fired = false;
        var punctuations = _context.Punctuations;
        for (var i = 0; i < punctuations.Count; i++)
        {
            if (punctuations[i].Type == type)
            {
                _context.MoveOutside();
                _context.RecordTime = now;
                fired |= _context.Fire(punctuations[i], now);
            }
        }

        punctuations.RemoveAll(static p => p.IsCancelled);
        NeedsCommit |= fired;
        return fired;
    }

    private RecordQueue? Next()
    {
        RecordQueue? best = null;
        foreach (var queue in _line)
        {
            if (queue.HasHead
                && (best is null
                    || queue.HeadTimestamp < best.HeadTimestamp
                    || (queue.HeadTimestamp == best.HeadTimestamp && queue.Turn < best.Turn)))
            {
                best = queue;
            }
        }

        return best;
    }

    private void Refill(RecordQueue queue)
    {
        queue.FillHead();
        if (queue.HasHead)
        {
            queue.Turn = _turn++;
        }
    }
}
