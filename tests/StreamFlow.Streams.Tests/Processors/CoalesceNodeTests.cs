using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Processors;

public sealed class CoalesceNodeTests
{
    [Fact]
    public void Coalesced_updates_are_sent_once_per_key_and_commit()
    {
        var sent = new List<(string Key, long Value)>();
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in").GroupByKey()
            .Count(Materialized<string, long>.As("counts") with { CoalesceUpdates = true })
            .ToStream().ForEach((key, count) => sent.Add((key, count)));
        using var task = TaskOf(builder.Build());

        TestBatches.Add(task, "in", ("a", "1"), ("b", "1"), ("a", "2"));
        task.Process(10);
        Assert.Empty(sent);
        task.PrepareCommit();

        Assert.Equal([("a", 2L), ("b", 1L)], sent);
    }

    [Fact]
    public void Windows_emitted_before_a_restart_are_not_emitted_again()
    {
        var sent = new List<long>();
        var notes = RunUntilCommit(sent, new MemoryStateBackend(), out var topology);

        Assert.Equal([0L], sent);
        Assert.Contains(notes, n => n.Key.EndsWith(".closed", StringComparison.Ordinal) && n.Value == 15);
        Assert.NotNull(topology);
    }

    private static Dictionary<string, long> RunUntilCommit(List<long> sent, MemoryStateBackend state, out Topology topology)
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("in").GroupByKey()
            .WindowedBy(TimeWindows.OfSizeWithNoGrace(TimeSpan.FromMilliseconds(10))).EmitStrategy(EmitStrategy.OnWindowClose).Count()
            .ToStream().ForEach((key, _) => sent.Add(key.Window.Start));
        topology = builder.Build();
        using var task = TaskOf(topology, state);
        TestBatches.Add(task, "in", 1, "a");
        TestBatches.Add(task, "in", 15, "a");
        task.Process(10);
        task.PrepareCommit();
        return new Dictionary<string, long>(task.Notes);
    }

    private static StreamTask TaskOf(Topology topology, MemoryStateBackend? state = null)
    {
        var options = new TaskOptions { ApplicationId = "app", EmitInterval = TimeSpan.Zero };
        var task = new StreamTask(
            new TaskId(0, 0), topology.Subtopologies, options, state ?? new MemoryStateBackend(), NoOutput.Instance, TimeProvider.System);
        task.AddPartition(new("in", 0));
        return task;
    }
}
