using System.Collections.Concurrent;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Runtime.Standbys;

public sealed class StandbyTasksTests
{
    private const int Partitions = 4;

    [Theory]
    [InlineData(ProcessingGuarantee.AtLeastOnce)]
    [InlineData(ProcessingGuarantee.ExactlyOnceV2)]
    public async Task An_instance_takes_over_from_its_copies_without_reading_again_what_they_have(ProcessingGuarantee guarantee)
    {
        await using var fixture = new AppFixture(Partitions);
        var isBroken = false;
        var a = await StartAsync(fixture, "a", guarantee, AppFixture.WordCount(word => Volatile.Read(ref isBroken)
            ? throw new InvalidOperationException("broken")
            : word));
        var b = await StartAsync(fixture, "b", guarantee, AppFixture.WordCount());
        var restored = new ConcurrentQueue<StoreRestored>();
        b.Restored += (_, store) => restored.Enqueue(store);
        await fixture.EventuallyAsync(() => a.Tasks.Count == Partitions && b.Tasks.Count == Partitions);
        fixture.WriteWords(1000, seed: 21);
        await fixture.EventuallyCountedAsync();
        await fixture.EventuallyAsync(() => fixture.IsAllProcessed(a) && IsCopied(a, b) && IsCopied(b, a));
        var copied = b.Standbys.SelectMany(s => s.Changelogs).ToDictionary(c => c.Partition, c => c.Next);
        restored.Clear();

        fixture.Broken = a;
        Volatile.Write(ref isBroken, true);
        fixture.WriteWords(200, seed: 22);
        await Assert.ThrowsAnyAsync<Exception>(() => a.Completion);
        await fixture.EventuallyCountedAsync();

        // More than once each, when a commit met the rebalance and the thread opened its tasks again.
        var taken = restored.Where(s => copied.ContainsKey(s.Changelog)).ToList();
        Assert.Equal(copied.Keys.Order(), taken.Select(s => s.Changelog).Distinct().Order());
        Assert.All(taken, s => Assert.InRange(s.From, copied[s.Changelog], long.MaxValue));
        Assert.Empty(b.Standbys);
    }

    [Fact]
    public async Task A_table_that_is_filled_from_its_source_is_copied_up_to_what_was_processed()
    {
        await using var fixture = new AppFixture(partitions: 1);
        var a = await StartAsync(fixture, "a", ProcessingGuarantee.AtLeastOnce, SourceTable());
        var b = await StartAsync(fixture, "b", ProcessingGuarantee.AtLeastOnce, SourceTable());
        for (var i = 0; i < 100; i++)
        {
            fixture.Cluster.Write("in", 0, $"k{i % 10}", $"v{i}", i);
        }

        var (runs, copies) = (a, b);
        await fixture.EventuallyAsync(() =>
        {
            (runs, copies) = a.Tasks.Count == 1 ? (a, b) : (b, a);
            return runs.Tasks.Count == 1 && fixture.IsAllProcessed(runs) && CopiedUpTo(copies) == 100;
        });

        runs.Pause();
        for (var i = 100; i < 150; i++)
        {
            fixture.Cluster.Write("in", 0, $"k{i % 10}", $"v{i}", i);
        }

        await fixture.EventuallyAsync(() => copies.Standbys[0].Changelogs[0].End == 150);
        Assert.Equal(100, CopiedUpTo(copies));

        runs.Resume();
        await fixture.EventuallyAsync(() => CopiedUpTo(copies) == 150);
        await runs.StopAsync();
        await fixture.EventuallyAsync(async () => (await copies.QueryAsync<IReadOnlyKeyValueStore<string, ValueAndTimestamp<string>>, string>(
            "rows", store => string.Join(' ', store.All().Select(row => row.Value.Value)))).Contains(
                string.Join(' ', Enumerable.Range(140, 10).Select(i => $"v{i}"))));
        Assert.Equal(0, copies.RestoredRecords);
    }

    private static Task<StreamsApplication> StartAsync(
        AppFixture fixture, string instance, ProcessingGuarantee guarantee, Topology topology) =>
        fixture.StartAsync(instance, guarantee, topology, o => o with { StandbyReplicas = 1, Threads = 2 });

    private static Topology SourceTable()
    {
        var builder = new StreamsBuilder(new TopologyOptions { Optimizations = TopologyOptimizations.ReuseSourceTopics });
        builder.Table<string, string>("in", materialized: Materialized<string, string>.As("rows"));
        return builder.Build();
    }

    private static long CopiedUpTo(StreamsApplication app) =>
        app.Standbys.Count == 1 ? app.Standbys[0].Changelogs[0].Next : -1;

    /// <summary>Whether one instance has complete copies of all stores of the other one.</summary>
    private static bool IsCopied(StreamsApplication runs, StreamsApplication copies)
    {
        var standbys = copies.Standbys;
        return runs.Tasks.Where(t => t.Stores.Count > 0).Select(t => t.Id).ToHashSet().SetEquals(standbys.Select(s => s.Id))
            && standbys.All(s => s.Changelogs.All(c => c.Lag == 0));
    }
}
