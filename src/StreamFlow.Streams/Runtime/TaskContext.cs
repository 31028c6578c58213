using System.Runtime.CompilerServices;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// What the operators of one task share: the position of the record being processed (changed in place for each record),
/// stream time, stores, output and the error policy. Used by the thread that steps the task, nobody else.
/// </summary>
internal sealed class TaskContext(TaskId id, TaskOptions options, IStateBackend state, IRecordCollector collector, TimeProvider clock,
    DroppedRecords? droppedByAll = null)
{
    private readonly Dictionary<string, StateStore> _stores = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StateStore> _globalStores = new(StringComparer.Ordinal);
    private readonly List<Punctuation> _punctuations = [];
    private Exception? _reported;

    public TaskId Id { get; } = id;

    public TaskOptions Options { get; } = options;

    public IStateBackend State { get; } = state;

    public IRecordCollector Collector { get; } = collector;

    public DroppedRecords Dropped { get; } = new(droppedByAll);

    /// <summary>Topic of the input record; null during a punctuation.</summary>
    public string? Topic { get; private set; }

    public int Partition { get; private set; } = -1;

    public long Offset { get; private set; } = -1;

    /// <summary>Headers of the input record.</summary>
    public Headers Headers { get; private set; } = Headers.Empty;

    /// <summary>Greatest time of any record taken by the task in ms; -1 before the first.</summary>
    public long StreamTime { get; set; } = -1;

    /// <summary>
    /// Time of the record that the running operator works on, or of the punctuation, in ms: changelog records of stores whose rows have no
    /// time of their own carry it. Set by the operators that write such stores.
    /// </summary>
    public long RecordTime { get; set; }

    /// <summary>The wall clock in ms since 1970. A call costs tens of ns: not for every record.</summary>
    public long WallClock => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What operators keep over a restart beside their stores, by name, in ms.</summary>
    public Dictionary<string, long> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>Set when user code asks for a commit; cleared by the commit.</summary>
    public bool CommitRequested { get; set; }

    /// <summary>Scratch space of the operator that runs; nobody keeps spans of it over a call to another operator.</summary>
    public PooledBufferWriter KeyBuffer { get; } = new();

    /// <summary>As <see cref="KeyBuffer"/>.</summary>
    public PooledBufferWriter ValueBuffer { get; } = new();

    public Dictionary<string, StateStore>.ValueCollection Stores => _stores.Values;

    public List<Punctuation> Punctuations => _punctuations;

    /// <summary>Reads the raw bytes of the input record, for error reports; set by the queue it came from.</summary>
    public RecordQueue? CurrentQueue { get; private set; }

    public void MoveTo(RecordQueue queue, string topic, int partition, long offset, Headers headers)
    {
        CurrentQueue = queue;
        Topic = topic;
        Partition = partition;
        Offset = offset;
        Headers = headers;
    }

    /// <summary>Punctuations and buffers run outside of any input record.</summary>
    public void MoveOutside()
    {
        CurrentQueue = null;
        Topic = null;
        Partition = -1;
        Offset = -1;
        Headers = Headers.Empty;
    }

    public RecordPosition Position => new(Topic, Partition, Offset, Headers);

    /// <summary>Restores the position of a record that waited in a buffer.</summary>
    public void MoveTo(in RecordPosition position)
    {
        Topic = position.Topic;
        Partition = position.Partition;
        Offset = position.Offset;
        Headers = position.Headers;
    }

    public void AddStore(StateStore store) => _stores.Add(store.Name, store);

    public void AddGlobalStore(StateStore store) => _globalStores.Add(store.Name, store);

    /// <summary>The topic name that serdes of a store are told.</summary>
    public string ChangelogTopic(StoreDescriptor store) => store.SourceTopic ?? InternalTopics.Changelog(Options.ApplicationId, store.Name);

    /// <summary>Schedules a punctuation for a node.</summary>
    public Punctuation Schedule(ProcessorNode node, long intervalMs, PunctuationType type, Action<long> callback)
    {
        var due = type == PunctuationType.StreamTime ? 0 : WallClock + intervalMs;
        var punctuation = new Punctuation(node, type, intervalMs, due, callback);
        _punctuations.Add(punctuation);
        HasStreamTimePunctuations |= type == PunctuationType.StreamTime;
        return punctuation;
    }

    /// <summary>Whether a look for due stream-time punctuations can find one.</summary>
    public bool HasStreamTimePunctuations { get; private set; }

    /// <summary>Runs a punctuation if it is due; failures go to the processing handler, with no record.</summary>
    public bool Fire(Punctuation punctuation, long now)
    {
        try
        {
            return punctuation.MaybeFire(now);
        }
        catch (Exception e) when (SkipsFailureOf(punctuation.Node, e, now))
        {
            return true;
        }
        catch (Exception e) when (e is not RecordFailedException)
        {
            throw new RecordFailedException(Failure!, e is ProductionFailure { InnerException: { } cause } ? cause : e);
        }
    }

    public StateStore GetStore(string name) =>
        _stores.TryGetValue(name, out var store) || _globalStores.TryGetValue(name, out store)
            ? store
            : throw new StreamsException($"task {Id} has no store '{name}'; connect it to the node that uses it");

    public TStore GetStore<TStore>(string name)
        where TStore : class =>
        StoreTypes.As<TStore>(GetStore(name));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Drop(DropReason reason) => Dropped.Add(reason);

    /// <summary>
    /// Runs as an exception filter, innermost first: asks the handler once per failure, so that the frames further out
    /// neither ask again nor catch.
    /// </summary>
    public bool SkipsFailureOf(ProcessorNode node, Exception exception, long timestamp)
    {
        if (exception is RecordFailedException || ReferenceEquals(exception, _reported))
        {
            return false;
        }

        var stage = exception is ProductionFailure ? RecordStage.Production : RecordStage.Processing;
        var error = Describe(stage, node.Name, timestamp);
        var cause = exception is ProductionFailure { InnerException: { } inner } ? inner : exception;
        var handler = stage == RecordStage.Production ? Options.Errors.OnProductionError : Options.Errors.OnProcessingError;
        Failure = error;
        var response = handler(error, cause);
        DeadLetters.Send(this, error, cause);
        if (response == ErrorResponse.Continue)
        {
            Drop(stage == RecordStage.Production ? DropReason.Production : DropReason.Processing);
            return true;
        }

        _reported = exception;
        return false;
    }

    /// <summary>What the handler was told about the failure that is now on its way out.</summary>
    public ErrorContext? Failure { get; private set; }

    public ErrorContext Describe(RecordStage stage, string nodeName, long timestamp)
    {
        byte[]? key = null;
        byte[]? value = null;
        CurrentQueue?.CopyCurrent(out key, out value);
        return new ErrorContext
        {
            Stage = stage,
            NodeName = nodeName,
            TaskId = Id.ToString(),
            Topic = Topic,
            Partition = Partition,
            Offset = Offset,
            Timestamp = timestamp,
            Headers = Headers,
            SourceKey = key,
            SourceValue = value,
        };
    }
}
