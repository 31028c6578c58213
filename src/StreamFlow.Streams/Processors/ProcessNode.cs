using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processing;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Processors;

/// <summary>Runs a user's processor.</summary>
internal sealed class ProcessNode<TKey, TValue, TKeyOut, TValueOut>(Processor<TKey, TValue, TKeyOut, TValueOut> processor)
    : ProcessorNode<TKey, TValue, TKeyOut, TValueOut>, IProcessorContext<TKeyOut, TValueOut>
{
    public TaskId TaskId => Context.Id;

    public string ApplicationId => Context.Options.ApplicationId;

    public string? Topic => Context.Topic;

    public int Partition => Context.Partition;

    public long Offset => Context.Offset;

    public long StreamTime => Context.StreamTime;

    public long WallClock => Context.WallClock;

    public override void Process(in Record<TKey, TValue> record)
    {
        Context.RecordTime = record.Timestamp;
        processor.Process(in record);
    }

    public override void Close() => processor.Close();

    void IProcessorContext<TKeyOut, TValueOut>.Forward(in Record<TKeyOut, TValueOut> record)
    {
        Check(in record);
        Forward(in record);
    }

    void IProcessorContext<TKeyOut, TValueOut>.Forward(in Record<TKeyOut, TValueOut> record, string childName)
    {
        Check(in record);
        foreach (var child in Children)
        {
            if (child.Name == childName)
            {
                ForwardTo(child, in record);
                return;
            }
        }

        throw new StreamsException($"node '{Name}' has no child '{childName}' to forward to");
    }

    public TStore GetStore<TStore>(string name)
        where TStore : class, IStateStore => Context.GetStore<TStore>(name);

    public IDisposable Schedule(TimeSpan interval, PunctuationType type, Action<long> callback) =>
        Context.Schedule(this, Dsl.Durations.Positive(interval, "punctuation interval"), type, callback);

    public void RequestCommit() => Context.CommitRequested = true;

    protected override void OnInitialize() => processor.Start(this);

    private void Check(in Record<TKeyOut, TValueOut> record)
    {
        if (record.Timestamp < 0)
        {
            throw new StreamsException($"node '{Name}' forwards a record with the negative timestamp {record.Timestamp}");
        }
    }
}
