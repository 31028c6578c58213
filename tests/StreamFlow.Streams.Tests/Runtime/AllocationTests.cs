using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;
using StreamFlow.Streams.Tests.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Runtime;

/// <summary>
/// A task whose serdes and functions allocate nothing allocates nothing: not per record, and not per commit but for a fixed number of
/// objects. Its state is in RocksDB, as in production.
/// </summary>
public sealed class AllocationTests
{
    private const int RecordsPerCommit = 2000;
    private const int Keys = 100;
    private const int Commits = 20;
    private const long MostBytesPerCommit = 512;

    private static readonly TopicPartition Input = new("in", 0);
    private static readonly TopicPartition Table = new("table", 0);
    private static readonly Consumed<long, long> Numbers = Consumed<long, long>.With(Serdes.Int64, Serdes.Int64);

    private static readonly Dictionary<string, Action<KStream<long, long>, StreamsBuilder>> Topologies = new()
    {
        ["passthrough"] = (bids, _) => Write(bids),
        ["count"] = (bids, _) => Write(bids.Filter((_, price) => price > 0).GroupByKey(Groups()).Count(Counts()).ToStream()),
        ["window-tumbling"] = (bids, _) => Write(bids.GroupByKey(Groups())
            .WindowedBy(TimeWindows.OfSizeWithNoGrace(TimeSpan.FromSeconds(10))).Count(Counts()).ToStream((window, _) => window.Key)),
        ["window-hopping"] = (bids, _) => Write(bids.GroupByKey(Groups())
            .WindowedBy(TimeWindows.OfSizeWithNoGrace(TimeSpan.FromSeconds(10)).AdvanceBy(TimeSpan.FromSeconds(2)))
            .Count(Counts()).ToStream((window, _) => window.Key + window.Window.Start)),
        ["join-table"] = (bids, builder) => Write(
            bids.Join(builder.Table(Table.Topic, Numbers, Materialized<long, long>.As("auctions")), (bid, auction) => bid + auction)),
    };

    public static TheoryData<string> Names => [.. Topologies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_steady_task_allocates_nothing_per_record(string name)
    {
        var builder = new StreamsBuilder();
        Topologies[name](builder.Stream(Input.Topic, Numbers), builder);
        var parts = builder.Build().Subtopologies;
        using var state = new StateFixture([.. parts.SelectMany(p => p.StoreDescriptors)]);
        var output = new CountingOutput();
        using var task = new StreamTask(
            new TaskId(0, 0), parts, new TaskOptions { ApplicationId = "app" },
            new RocksDbStateBackend(state.Database, _ => output), output, TimeProvider.System);
        task.AddPartition(Input);
        if (name == "join-table")
        {
            task.AddPartition(Table);
            AddTo(task, Table, Batch());
        }

        var batch = Batch();
        var allocated = Steady(() => Run(task, batch, state.Database), Commits * MostBytesPerCommit);

        Assert.True(output.Records > 0, "the runs have sent nothing");
        Assert.InRange(allocated, 0, Commits * MostBytesPerCommit);
    }

    [Fact]
    public void Counting_between_two_commits_allocates_nothing_at_all()
    {
        var builder = new StreamsBuilder();
        Topologies["count"](builder.Stream(Input.Topic, Numbers), builder);
        using var task = new StreamTask(
            new TaskId(0, 0), builder.Build().Subtopologies, new TaskOptions { ApplicationId = "app" }, new MemoryStateBackend(),
            new CountingOutput(), TimeProvider.System);
        task.AddPartition(Input);
        var batch = Batch();
        var allocated = Steady(
            () =>
            {
                AddTo(task, Input, batch);
                task.Process(int.MaxValue);
            },
            0);

        Assert.Equal(0, allocated);
    }

    /// <summary>
    /// What a round allocates once caches and buffers have grown. Quickly compiled code boxes where optimised code does not, so this
    /// project is compiled optimised from the start (<c>TieredCompilationQuickJit</c>).
    /// </summary>
    private static long Steady(Action round, long limit)
    {
        const int MostRounds = 20;
        var allocated = long.MaxValue;
        for (var i = 0; i < MostRounds && allocated > limit; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return allocated;
    }

    private static void Run(StreamTask task, byte[] batch, TaskDatabase database)
    {
        KeyValuePair<TopicPartition, long>[] positions = [new(StateFixture.Changelog, 1)];
        for (var i = 0; i < Commits; i++)
        {
            AddTo(task, Input, batch);
            while (task.HasRecords)
            {
                task.Process(int.MaxValue);
            }

            task.PrepareCommit();
            database.Commit(positions);
            task.CompleteCommit();
        }
    }

    /// <summary>Times lie in the last of five windows that hop by two seconds, so that no record is ever late.</summary>
    private static byte[] Batch()
    {
        using var builder = new RecordBatchBuilder();
        Span<byte> key = stackalloc byte[sizeof(long)];
        Span<byte> value = [0, 0, 0, 0, 0, 0, 0, 9];
        key.Clear();
        for (var i = 0; i < RecordsPerCommit; i++)
        {
            key[^1] = (byte)(i % Keys);
            builder.Append(8000 + (i % 1000), true, key, true, value, Headers.Empty);
        }

        return builder.Finish(new RecordBatchOptions()).ToArray();
    }

    private static void AddTo(StreamTask task, TopicPartition partition, byte[] batch)
    {
        Assert.True(RecordBatchView.TryRead(batch, out var view));
        task.AddRecords(partition, new RecordCursor(in view), batch.AsMemory(RecordBatch.HeaderSize));
    }

    private static void Write(KStream<long, long> results) => results.To("out", Produced<long, long>.With(Serdes.Int64, Serdes.Int64));

    private static Grouped<long, long> Groups() => Grouped<long, long>.With(Serdes.Int64, Serdes.Int64);

    private static Materialized<long, long> Counts() => Materialized<long, long>.As("counts") with
    {
        KeySerde = Serdes.Int64, ValueSerde = Serdes.Int64, CoalesceUpdates = true,
    };

    /// <summary>Counts what is written to sinks and changelogs.</summary>
    private sealed class CountingOutput : IRecordCollector, IChangelogWriter
    {
        public int Records { get; private set; }

        public int PartitionCount(string topic) => 1;

        public void Send(string topic, int partition, in SerializedRecord record) => Records++;

        public void Append(ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, long timestamp, Headers? headers) => Records++;
    }
}
