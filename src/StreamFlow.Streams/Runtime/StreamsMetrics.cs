using System.Diagnostics.Metrics;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// What applications count, as instruments of the meter <c>StreamFlow.Streams</c>, tagged with <c>application.id</c>. Made and disposed by
/// an application. Totals are read when somebody collects; only commits are recorded as they happen.
/// </summary>
internal sealed class StreamsMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "StreamFlow.Streams";

    private readonly Meter _meter;
    private readonly KeyValuePair<string, object?> _application;
    private readonly Histogram<double> _commits;

    public StreamsMetrics(IMeterFactory? factory, StreamsApplication application)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _application = new("application.id", application.Options.ApplicationId);
        _commits = _meter.CreateHistogram<double>("streamflow.streams.commit.duration", "s", "Time a commit of a thread's tasks took");
        _meter.CreateObservableCounter(
            "streamflow.streams.records.processed", () => Measure(application.ProcessedRecords), "{record}", "Input records processed");
        _meter.CreateObservableCounter(
            "streamflow.streams.records.restored", () => Measure(application.RestoredRecords), "{record}",
            "Records read from changelogs into stores");
        _meter.CreateObservableCounter(
            "streamflow.streams.records.dropped", () => Drops(application), "{record}", "Input records dropped, by reason");
        _meter.CreateObservableGauge(
            "streamflow.streams.tasks", () => Tasks(application), "{task}", "Tasks of this instance, running or restoring");
        _meter.CreateObservableGauge(
            "streamflow.streams.lag", () => Lags(application), "{record}", "Records that wait in an input partition");
        _meter.CreateObservableGauge(
            "streamflow.streams.running", () => Measure(application.State == ApplicationState.Running ? 1 : 0), null,
            "1 when every task of this instance runs, else 0");
    }

    /// <summary>Counts a commit and the time it took.</summary>
    public void OnCommitted(TimeSpan duration) => _commits.Record(duration.TotalSeconds, _application);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private Measurement<long> Measure(long value, params ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        new(value, [_application, .. tags]);

    private List<Measurement<long>> Drops(StreamsApplication application) =>
        [.. Enum.GetValues<DropReason>().Select(r => Measure(application.CountDropped(r), new KeyValuePair<string, object?>("reason", r)))];

    private List<Measurement<long>> Tasks(StreamsApplication application)
    {
        var tasks = application.Tasks;
        var running = tasks.Count(t => t.IsRunning);
        return
        [
            Measure(running, new KeyValuePair<string, object?>("state", "running")),
            Measure(tasks.Count - running, new KeyValuePair<string, object?>("state", "restoring")),
        ];
    }

    private List<Measurement<long>> Lags(StreamsApplication application) =>
    [
        .. from task in application.Tasks
           from input in task.Inputs
           let lag = input.Lag
           where lag is not null
           select Measure(
               lag ?? 0,
               new KeyValuePair<string, object?>("topic", input.Partition.Topic),
               new KeyValuePair<string, object?>("partition", input.Partition.Partition)),
    ];
}
