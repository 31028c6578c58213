using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Tests.Runtime;

/// <summary>What a killed instance finds on its disk when it comes back, so that it reads only what it missed.</summary>
public sealed class LocalStateTests
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task What_was_restored_reaches_the_disk_though_nothing_new_comes()
    {
        await using var fixture = new AppFixture();
        fixture.WriteWords(500, seed: 1);
        var first = await fixture.StartAsync("a");
        await fixture.EventuallyCountedAsync();
        await fixture.EventuallyAsync(() => fixture.IsAllProcessed(first));
        await first.StopAsync();

        var second = await fixture.StartAsync("b", with: o => o with { StateFlushInterval = FlushInterval });
        await second.WaitUntilRunningAsync();
        await fixture.EventuallyAsync(() => TasksOnDisk(fixture, "b") == 2);
    }

    [Fact]
    public async Task The_last_rows_of_a_burst_reach_the_disk()
    {
        await using var fixture = new AppFixture();
        var app = await fixture.StartAsync("a", with: o => o with { StateFlushInterval = FlushInterval });
        await app.WaitUntilRunningAsync();
        fixture.WriteWords(500, seed: 2);
        await fixture.EventuallyAsync(() => fixture.IsAllProcessed(app));
        await fixture.EventuallyAsync(() => TasksOnDisk(fixture, "a") == 2);
    }

    [Fact]
    public async Task Restores_are_told_with_the_offsets_that_had_to_be_read()
    {
        await using var fixture = new AppFixture(partitions: 1);
        fixture.WriteWords(100, seed: 3);
        Assert.Equal([(0, 0)], await RunAsync(fixture, "a"));
        var end = fixture.Cluster.Topics["app-counts-changelog"][0].End;
        Assert.Equal([(0, end)], await RunAsync(fixture, "b"));

        // The first one still has what it wrote.
        Assert.Equal([(end, end)], await RunAsync(fixture, "a"));
        fixture.WriteWords(10, seed: 4);
        await RunAsync(fixture, "b");
        Assert.Equal([(end, fixture.Cluster.Topics["app-counts-changelog"][0].End)], await RunAsync(fixture, "a"));
    }

    [Fact]
    public async Task A_store_that_another_still_has_open_is_waited_for_while_the_other_tasks_run()
    {
        await using var fixture = new AppFixture(partitions: 1);
        fixture.WriteWords(50, seed: 5);
        var directory = Directory.CreateDirectory(Path.Combine(fixture.Root, "a", "app", "1_0")).FullName;
        using var environment = new RocksDbEnvironment();
        using var holder = TaskDatabase.Open(environment, directory, []);

        var app = await fixture.StartAsync("a");
        await fixture.EventuallyAsync(
            () => fixture.Cluster.Topics.TryGetValue("app-counts-repartition", out var words) && words[0].End == 50);
        Assert.Equal(ApplicationState.Rebalancing, app.State);
        Assert.Empty(fixture.Cluster.ReadTable("out"));

        holder.Dispose();
        await fixture.EventuallyCountedAsync();
    }

    private static async Task<List<(long From, long To)>> RunAsync(AppFixture fixture, string instance)
    {
        var restored = new List<(long, long)>();
        var app = fixture.Create(instance);
        app.Restored += (_, store) =>
        {
            Assert.Equal(("counts", "app-counts-changelog-0"), (store.Store, store.Changelog.ToString()));
            restored.Add((store.From, store.To));
        };
        await app.StartAsync();
        await app.WaitUntilRunningAsync();
        await fixture.EventuallyCountedAsync();
        await fixture.EventuallyAsync(() => fixture.IsAllProcessed(app));
        await app.StopAsync();
        return restored;
    }

    private static int TasksOnDisk(AppFixture fixture, string instance) =>
        Directory.EnumerateFiles(Path.Combine(fixture.Root, instance), "*.sst", SearchOption.AllDirectories)
            .Select(Path.GetDirectoryName).Distinct().Count();
}
