using StreamFlow.Core.Records;
using StreamFlow.Streams.Processing;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>Runs a user's processor that keeps keys.</summary>
internal sealed class FixedKeyProcessNode<TKey, TValue, TValueOut>(FixedKeyProcessor<TKey, TValue, TValueOut> processor)
    : ProcessorNode<TKey, TValue, TKey, TValueOut>, IFixedKeyProcessorContext<TValueOut>
{
    private Record<TKey, TValue> _current;
    private bool _isProcessing;

    public TaskId TaskId => Context.Id;

    public string ApplicationId => Context.Options.ApplicationId;

    public string? Topic => Context.Topic;

    public int Partition => Context.Partition;

    public long Offset => Context.Offset;

    public long StreamTime => Context.StreamTime;

    public long WallClock => Context.WallClock;

    public override void Process(in Record<TKey, TValue> record)
    {
        _current = record;
        _isProcessing = true;
        Context.RecordTime = record.Timestamp;
        try
        {
            processor.Process(in record);
        }
        finally
        {
            _isProcessing = false;
        }
    }

    public override void Close() => processor.Close();

    void IFixedKeyProcessorContext<TValueOut>.Forward(TValueOut? value, long? timestamp, Headers? headers)
    {
        if (!_isProcessing)
        {
            throw new InvalidOperationException($"node '{Name}' keeps keys and can only forward while it processes a record");
        }

        var result = _current.WithValue(value);
        Forward(new Record<TKey, TValueOut>(
            result.HasKey, result.Key, result.HasValue, result.Value, timestamp ?? result.Timestamp, headers ?? result.Headers));
    }

    void IFixedKeyProcessorContext<TValueOut>.ForwardTombstone()
    {
        if (!_isProcessing)
        {
            throw new InvalidOperationException($"node '{Name}' keeps keys and can only forward while it processes a record");
        }

        Forward(_current.WithoutValue<TValueOut>());
    }

    public TStore GetStore<TStore>(string name)
        where TStore : class, IStateStore => Context.GetStore<TStore>(name);

    public IDisposable Schedule(TimeSpan interval, PunctuationType type, Action<long> callback) =>
        Context.Schedule(this, Dsl.Durations.Positive(interval, "punctuation interval"), type, callback);

    public void RequestCommit() => Context.CommitRequested = true;

    protected override void OnInitialize() => processor.Start(this);
}
