using System.Globalization;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Tests.Runtime.Fakes;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Runtime;

/// <summary>A word count over a fake cluster, run by any number of instances with state directories of their own.</summary>
internal sealed class AppFixture : IAsyncDisposable
{
    private readonly List<StreamsApplication> _apps = [];

    public AppFixture(int partitions = 2)
    {
        Cluster.CreateTopic("in", partitions);
        Cluster.CreateTopic("out", partitions);
    }

    public FakeCluster Cluster { get; } = new();

    /// <summary>An instance that is meant to fail; null when none is.</summary>
    public StreamsApplication? Broken { get; set; }

    public string Root { get; } = Directory.CreateTempSubdirectory("streamflow-app-").FullName;

    /// <summary>What the output must be: every word's count, recomputed from the input.</summary>
    public Dictionary<string, string?> Expected =>
        Cluster.Topics["in"].SelectMany(p => p.Records).GroupBy(r => System.Text.Encoding.UTF8.GetString(r.Value!))
            .ToDictionary(g => g.Key, g => (string?)g.Count().ToString(CultureInfo.InvariantCulture));

    public static Topology WordCount(Func<string, string>? word = null)
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in")
            .GroupBy((_, value) => word is null ? value! : word(value!))
            .Count(Materialized<string, long>.As("counts"))
            .ToStream()
            .MapValues(count => count.ToString(CultureInfo.InvariantCulture))
            .To("out");
        return builder.Build();
    }

    public static StreamsOptions Options(string root, string instance, ProcessingGuarantee guarantee = ProcessingGuarantee.AtLeastOnce) => new()
    {
        ApplicationId = "app",
        StateDirectory = Path.Combine(root, instance),
        Guarantee = guarantee,
        CommitInterval = TimeSpan.FromMilliseconds(20),
        PollTimeout = TimeSpan.FromMilliseconds(1),
    };

    public StreamsApplication Create(
        string instance = "a", ProcessingGuarantee guarantee = ProcessingGuarantee.AtLeastOnce, Topology? topology = null,
        Func<StreamsOptions, StreamsOptions>? with = null)
    {
        var options = Options(Root, instance, guarantee);
        var app = new StreamsApplication(topology ?? WordCount(), with is null ? options : with(options), Cluster);
        _apps.Add(app);
        return app;
    }

    public async Task<StreamsApplication> StartAsync(
        string instance = "a", ProcessingGuarantee guarantee = ProcessingGuarantee.AtLeastOnce, Topology? topology = null,
        Func<StreamsOptions, StreamsOptions>? with = null)
    {
        var app = Create(instance, guarantee, topology, with);
        await app.StartAsync();
        return app;
    }

    public void WriteWords(int count, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            Cluster.Write("in", random.Next(Cluster.Topics["in"].Length), null, $"w{random.Next(20)}", i);
        }
    }

    /// <summary>Whether everything in the topics that an application reads is committed.</summary>
    public bool IsAllProcessed(StreamsApplication app) => Cluster.Topics
        .Where(t => t.Key == "in" || t.Key.EndsWith("-topic", StringComparison.Ordinal) || t.Key.EndsWith("-repartition", StringComparison.Ordinal))
        .All(t => t.Value.Select((p, i) => (End: p.End, Partition: new TopicPartition(t.Key, i)))
            .All(p => p.End == 0 || (Cluster.Committed.TryGetValue(p.Partition, out var offset) && offset.Offset >= p.End)));

    public Task EventuallyCountedAsync() =>
        EventuallyAsync(() => Expected.OrderBy(e => e.Key).SequenceEqual(Cluster.ReadTable("out").OrderBy(e => e.Key)));

    public Task EventuallyAsync(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    public async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            if (_apps.Find(a => a != Broken && a.Failure is not null) is { } failed)
            {
                throw new InvalidOperationException("an instance failed", failed.Failure);
            }

            await Task.Delay(5, timeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(Root, recursive: true);
    }
}
