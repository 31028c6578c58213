using StreamFlow.Client;
using StreamFlow.Core.Errors;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Tests.Runtime;

public sealed class StreamsApplicationTests
{
    [Theory]
    [InlineData(ProcessingGuarantee.AtLeastOnce)]
    [InlineData(ProcessingGuarantee.ExactlyOnceV2)]
    public async Task Counts_through_a_repartition_and_stops_cleanly(ProcessingGuarantee guarantee)
    {
        await using var fixture = new AppFixture();
        fixture.WriteWords(2000, seed: 1);
        var app = fixture.Create(guarantee: guarantee);
        var states = new List<ApplicationState>();
        app.StateChanged += (_, change) => states.Add(change.Current);
        await app.StartAsync();
        await app.WaitUntilRunningAsync();
        await fixture.EventuallyCountedAsync();
        await app.StopAsync();
        Assert.Equal(
            [ApplicationState.Rebalancing, ApplicationState.Running, ApplicationState.PendingShutdown, ApplicationState.NotRunning],
            states.Distinct());
        Assert.Equal(2000, fixture.Cluster.Committed.Where(c => c.Key.Topic == "in").Sum(c => c.Value.Offset));
    }

    [Fact]
    public async Task A_paused_application_answers_queries_but_takes_no_records_until_it_is_resumed()
    {
        await using var fixture = new AppFixture();
        fixture.WriteWords(100, seed: 12);
        var app = await fixture.StartAsync();
        await fixture.EventuallyCountedAsync();
        app.Pause();
        Assert.True(app.IsPaused);
        await SumAsync();
        fixture.WriteWords(100, seed: 13);
        Assert.Equal(100, await SumAsync());
        Assert.Equal(ApplicationState.Running, app.State);
        app.Resume();
        await fixture.EventuallyCountedAsync();
        Assert.Equal(200, await SumAsync());

        async Task<long> SumAsync()
        {
            var parts = await app.QueryAsync<IReadOnlyKeyValueStore<string, ValueAndTimestamp<long>>, long>(
                "counts", store => store.All().Sum(row => row.Value.Value));
            return parts.Sum();
        }
    }

    [Fact]
    public async Task Internal_topics_are_created_with_their_settings()
    {
        await using var fixture = new AppFixture(partitions: 3);
        await using var app = await fixture.StartAsync();
        var changelog = fixture.Cluster.Configs["app-counts-changelog"]!;
        Assert.Equal("compact", changelog["cleanup.policy"]);
        Assert.Equal(3, fixture.Cluster.Topics["app-counts-changelog"].Length);
        var repartition = Assert.Single(fixture.Cluster.Configs, c => c.Key.EndsWith("-repartition", StringComparison.Ordinal));
        Assert.Equal("-1", repartition.Value!["retention.ms"]);
        Assert.Equal(3, fixture.Cluster.Topics[repartition.Key].Length);
    }

    [Theory]
    [InlineData(ProcessingGuarantee.AtLeastOnce)]
    [InlineData(ProcessingGuarantee.ExactlyOnceV2)]
    public async Task Restart_with_its_state_restores_nothing_and_goes_on_counting(ProcessingGuarantee guarantee)
    {
        await using var fixture = new AppFixture();
        fixture.WriteWords(500, seed: 2);
        var first = await fixture.StartAsync("a", guarantee);
        await fixture.EventuallyCountedAsync();
        await first.StopAsync();
        fixture.WriteWords(500, seed: 3);
        var second = await fixture.StartAsync("a", guarantee);
        await fixture.EventuallyCountedAsync();
        Assert.Equal(0, second.RestoredRecords);
    }

    [Theory]
    [InlineData(ProcessingGuarantee.AtLeastOnce)]
    [InlineData(ProcessingGuarantee.ExactlyOnceV2)]
    public async Task Restart_elsewhere_restores_from_the_changelog_and_goes_on_counting(ProcessingGuarantee guarantee)
    {
        await using var fixture = new AppFixture();
        fixture.WriteWords(500, seed: 4);
        var first = await fixture.StartAsync("a", guarantee);
        await fixture.EventuallyCountedAsync();
        await first.StopAsync();
        fixture.WriteWords(500, seed: 5);
        var second = await fixture.StartAsync("elsewhere", guarantee);
        await fixture.EventuallyCountedAsync();
        Assert.True(second.RestoredRecords > 0);
    }

    [Theory]
    [InlineData(ProcessingGuarantee.AtLeastOnce)]
    [InlineData(ProcessingGuarantee.ExactlyOnceV2)]
    public async Task Two_instances_share_the_tasks_and_one_takes_over_when_the_other_stops(ProcessingGuarantee guarantee)
    {
        await using var fixture = new AppFixture(partitions: 4);
        fixture.WriteWords(500, seed: 6);
        var a = await fixture.StartAsync("a", guarantee);
        await fixture.EventuallyCountedAsync();
        var b = await fixture.StartAsync("b", guarantee);
        await b.WaitUntilRunningAsync();
        await fixture.EventuallyAsync(async () => await CountPartsAsync(b) == 2 && await CountPartsAsync(a) == 2);
        fixture.WriteWords(500, seed: 7);
        await fixture.EventuallyCountedAsync();
        await a.StopAsync();
        fixture.WriteWords(500, seed: 8);
        await fixture.EventuallyCountedAsync();
        Assert.Equal(4, await CountPartsAsync(b));
    }

    [Fact]
    public async Task Failed_transaction_is_done_again_and_no_result_is_doubled()
    {
        await using var fixture = new AppFixture();
        var app = await fixture.StartAsync(guarantee: ProcessingGuarantee.ExactlyOnceV2);
        for (var round = 0; round < 5; round++)
        {
            fixture.WriteWords(200, seed: 10 + round);
            fixture.Cluster.FailNextCommit = round % 2 == 0
                ? new TransactionAbortableException("a batch was lost")
                : new CommitFailedException(ErrorCode.RebalanceInProgress, "send offsets");
            await fixture.EventuallyCountedAsync();
        }

        // Every update of every count is there once: the counts of a word are 1, 2, 3 ... without a gap or a repeat.
        foreach (var word in fixture.Cluster.Read("out").Select(r => r.Split('=')).GroupBy(r => r[0]))
        {
            Assert.Equal(Enumerable.Range(1, word.Count()), word.Select(r => int.Parse(r[1], null)));
        }

        Assert.Null(app.Failure);
    }

    [Fact]
    public async Task Failed_commit_at_least_once_loses_nothing()
    {
        await using var fixture = new AppFixture();
        var app = await fixture.StartAsync();
        fixture.WriteWords(300, seed: 20);
        fixture.Cluster.FailNextCommit = new BrokerException(ErrorCode.NotCoordinator, "commit offsets");
        await fixture.EventuallyAsync(() => fixture.Cluster.Committed.Where(c => c.Key.Topic == "in").Sum(c => c.Value.Offset) == 300);
        var counts = fixture.Cluster.ReadTable("out");
        foreach (var (word, count) in fixture.Expected)
        {
            Assert.True(int.Parse(counts[word]!, null) >= int.Parse(count!, null));
        }

        Assert.Null(app.Failure);
    }

    [Fact]
    public async Task Stores_can_be_read_while_the_application_runs()
    {
        await using var fixture = new AppFixture();
        fixture.WriteWords(300, seed: 30);
        var app = await fixture.StartAsync();
        await fixture.EventuallyCountedAsync();
        var rows = await app.QueryAsync<ITimestampedKeyValueStore<string, long>, List<(string, long)>>(
            "counts", store => [.. store.All().Select(r => (r.Key, r.Value.Value))]);
        Assert.Equal(
            fixture.Expected.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, long.Parse(e.Value!, null))),
            rows.SelectMany(r => r).OrderBy(r => r.Item1, StringComparer.Ordinal));
        var plain = await app.QueryAsync<IReadOnlyKeyValueStore<string, long>, List<(string, long)>>(
            "counts", store => [.. store.All().Select(r => (r.Key, r.Value))]);
        Assert.Equal(rows.SelectMany(r => r).Order(), plain.SelectMany(r => r).Order());
        await Assert.ThrowsAsync<StreamsException>(() => app.QueryAsync<IStateStore, int>("no-such-store", _ => 0));
        var error = await Assert.ThrowsAsync<StreamsException>(
            () => app.QueryAsync<IReadOnlyKeyValueStore<string, string>, int>("counts", _ => 0));
        Assert.Contains("IReadOnlyKeyValueStore<String, Int64>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_source_topic_is_named_before_anything_starts()
    {
        await using var fixture = new AppFixture();
        fixture.Cluster.Topics.Remove("in");
        var app = fixture.Create();
        var error = await Assert.ThrowsAsync<StreamsException>(() => app.StartAsync());
        Assert.Contains("'in'", error.Message, StringComparison.Ordinal);
        Assert.Equal(ApplicationState.Error, app.State);
    }

    [Fact]
    public async Task State_directory_of_a_running_instance_is_refused()
    {
        await using var fixture = new AppFixture();
        await using var first = await fixture.StartAsync("a");
        var second = fixture.Create("a");
        await Assert.ThrowsAsync<StateDirectoryInUseException>(() => second.StartAsync());
    }

    [Fact]
    public async Task Poison_record_stops_the_application_when_the_handler_says_so()
    {
        await using var fixture = new AppFixture(partitions: 1);
        fixture.Cluster.Write("in", 0, null, "poison");
        var app = fixture.Create(topology: AppFixture.WordCount(word => word == "poison" ? throw new FormatException("not a word") : word));
        await app.StartAsync();
        var failure = await Assert.ThrowsAsync<RecordFailedException>(() => app.Completion);
        Assert.Same(failure, app.Failure);
        Assert.Equal(ApplicationState.Error, app.State);
    }

    [Theory]
    [InlineData(ProcessingGuarantee.AtLeastOnce)]
    [InlineData(ProcessingGuarantee.ExactlyOnceV2)]
    public async Task Poison_record_goes_to_the_dead_letter_topic_and_the_rest_is_processed(ProcessingGuarantee guarantee)
    {
        await using var fixture = new AppFixture(partitions: 1);
        fixture.Cluster.CreateTopic("dead", 1);
        fixture.Cluster.Write("in", 0, null, "a");
        fixture.Cluster.Write("in", 0, null, "poison");
        fixture.Cluster.Write("in", 0, null, "a");
        await fixture.StartAsync(
            guarantee: guarantee,
            topology: AppFixture.WordCount(word => word == "poison" ? throw new FormatException("not a word") : word),
            with: o => o with { Errors = new ErrorHandling { OnProcessingError = ErrorHandling.Continue, DeadLetterTopic = "dead" } });
        await fixture.EventuallyAsync(() => fixture.Cluster.ReadTable("out").GetValueOrDefault("a") == "2" && fixture.Cluster.Read("dead").Count == 1);
        Assert.Equal(["=poison"], fixture.Cluster.Read("dead"));
        var letter = fixture.Cluster.Topics["dead"][0].Records[0];
        Assert.Contains("not a word", System.Text.Encoding.UTF8.GetString(letter.Headers.AsSpan().ToArray().Single(h => h.Key == "__streams.errors.message").Value!), StringComparison.Ordinal);
    }

    private static async Task<int> CountPartsAsync(StreamsApplication app) =>
        (await app.QueryAsync<IStateStore, string>("counts", store => store.Name)).Count;
}
