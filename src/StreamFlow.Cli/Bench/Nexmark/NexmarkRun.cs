using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Streams;
using StreamFlow.Broker;
using StreamFlow.Client;
using StreamFlow.Core.Topics;
using StreamFlow.Embedded;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Formats;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>One query over generated events through the SQL engine, on a cluster in memory: loaded first, then run to the end.</summary>
internal sealed class NexmarkRun : IAsyncDisposable
{
    private const string ApplicationPrefix = "nexmark-";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(100);
    private static readonly FormatSpec Json = new("JSON");
    private static readonly TimeSpan Forever = TimeSpan.FromDays(36_500);

    private readonly string _state = Directory.CreateTempSubdirectory("streamflow-nexmark-").FullName;
    private readonly ICluster _cluster;
    private readonly ClusterSqlRuntime _runtime;
    private readonly WatchedRuntime _watched;
    // The events' times lie in the past: with the default retention the first look would take them away.
    private static readonly BrokerOptions KeepsEverything = BrokerOptions.FromProperties(
        [new("log.retention.ms", "-1")], new BrokerOptions { GroupInitialRebalanceDelayMs = 0 });

    private readonly SqlEngine _engine;
    private readonly string _query;
    private DataSource? _sinkOfDsl;
    private IRunningTopology? _dsl;

    private NexmarkRun(string query, ICluster cluster, int threads)
    {
        _query = query;
        _cluster = cluster;
        _runtime = new ClusterSqlRuntime(cluster, new StreamsOptions
        {
            ApplicationId = ApplicationPrefix,
            StateDirectory = _state,
            Threads = threads,
            CommitInterval = CommitInterval,
            ChangelogExtraRetention = Forever, // the events' times lie in the past
        });
        _watched = new WatchedRuntime(_runtime);
        _engine = new SqlEngine(_watched);
    }

    /// <summary>What generating and loading the events cost.</summary>
    public (double Wall, double Cpu) Load { get; private set; }

    /// <summary>What the query cost, from its statement to the last commit.</summary>
    public (double Wall, double Cpu) Query { get; private set; }

    /// <summary>Where the result is.</summary>
    public DataSource Sink => _sinkOfDsl ?? _engine.Queries[^1].Sink!;

    /// <summary>Runs a query in SQL.</summary>
    public static Task<NexmarkRun> ExecuteAsync(string query, NexmarkInput input, int threads, CancellationToken cancellation)
    {
        var script = NexmarkQueries.Script(query);
        return ExecuteAsync(query, input, threads, run => run.RunAsync(script, cancellation), cancellation);
    }

    /// <summary>Runs a query as a topology in C#.</summary>
    public static Task<NexmarkRun> ExecuteDslAsync(string query, NexmarkInput input, int threads, CancellationToken cancellation) =>
        ExecuteAsync(query, input, threads, run => run.RunDslAsync(threads, cancellation), cancellation);

    private static async Task<NexmarkRun> ExecuteAsync(
        string query, NexmarkInput input, int threads, Func<NexmarkRun, Task> execute, CancellationToken cancellation)
    {
        var cluster = await Cluster.OpenAsync("memory:", broker: KeepsEverything);
        var run = new NexmarkRun(query, cluster, threads);
        try
        {
            var start = ProcessMeter.Now();
            await input.LoadAsync(cluster, NexmarkQueries.Topics(query), cancellation);
            var loaded = ProcessMeter.Now();
            run.Load = (loaded.SecondsSince(start), loaded.CpuSecondsSince(start));
            await execute(run);
            var done = ProcessMeter.Now();
            run.Query = (done.SecondsSince(loaded), done.CpuSecondsSince(loaded));
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>The final result as canonical lines, sorted.</summary>
    public Task<NexmarkAnswer> AnswerAsync(CancellationToken cancellation) => NexmarkAnswer.ReadAsync(_query, Sink, _runtime, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_dsl is not null)
        {
            await _dsl.DisposeAsync();
        }

        await _engine.DisposeAsync();
        await _runtime.DisposeAsync();
        await _cluster.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    private async Task RunAsync(string script, CancellationToken cancellation)
    {
        var session = new SqlSession();
        foreach (var text in (string[])[NexmarkQueries.Schema, script])
        {
            await foreach (var result in _engine.ExecuteAsync(text, session, cancellation))
            {
                _ = result; // statements say what they did; the result is a topic
            }
        }

        await WhenAllCommittedAsync(cancellation);
    }

    private async Task RunDslAsync(int partitions, CancellationToken cancellation)
    {
        var output = _query.ToUpperInvariant();
        await BenchTopics.CreateAsync(_cluster.Admin, output, partitions, cancellation);
        var topology = NexmarkDsl.Build(_query, output);
        _sinkOfDsl = new DataSource
        {
            Name = output, Topic = output, IsTable = NexmarkDsl.IsTable(_query), Columns = [], KeyFormat = Json, ValueFormat = Json,
        };
        _dsl = await _watched.StartAsync(
            new SqlTopology(_query, topology, NexmarkQueries.Topics(_query), output, FromBeginning: true, IsTransient: false),
            cancellation);
        await WhenAllCommittedAsync(cancellation);
    }

    private async Task WhenAllCommittedAsync(CancellationToken cancellation)
    {
        foreach (var (topology, running) in _watched.Started)
        {
            await WhenAllCommittedAsync(topology, running, cancellation);
        }
    }

    /// <summary>Waits until a query has committed the ends of all topics that it reads, its inner ones too.</summary>
    private async Task WhenAllCommittedAsync(SqlTopology query, IRunningTopology running, CancellationToken cancellation)
    {
        var application = ApplicationPrefix + query.QueryId;
        string[] topics =
        [
            .. query.SourceTopics.Distinct(),
            .. query.Topology.RepartitionTopics.Select(t => InternalTopics.FullName(application, t.Name)),
        ];
        IReadOnlyDictionary<TopicPartition, long>? reached = null;
        while (true)
        {
            // What a commit covers has been written before it: when the ends have not moved since all were reached, nothing is on its way.
            var ends = await BenchTopics.EndOffsetsAsync(_cluster.Admin, topics, cancellation);
            var committed = await BenchTopics.CommittedAsync(_cluster.Admin, application, cancellation);
            var isDone = ends.All(e => e.Value == 0 || (committed.TryGetValue(e.Key, out var c) && c.Offset >= e.Value));
            if (isDone && reached is not null && ends.All(e => reached.TryGetValue(e.Key, out var end) && end == e.Value))
            {
                return;
            }

            reached = isDone ? ends : null;
            if (running.Failure is { } failure)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }

            if (!isDone)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }
}
