using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Storage.Tests;

/// <summary>Settings of a log by what they do.</summary>
public sealed class LogSettingsTests
{
    private static readonly TimeSpan Roll = TimeSpan.FromHours(1);

    [Fact]
    public async Task Segment_rolls_when_its_first_record_is_older_than_segment_ms()
    {
        await using var test = new TestLog(new LogConfig { SegmentMs = (long)Roll.TotalMilliseconds });
        test.Append("a");
        test.Clock.Advance(Roll);
        test.Append("b");
        Assert.Equal(1, test.Log.SegmentCount);
        test.Clock.Advance(TimeSpan.FromMilliseconds(1));
        test.Append("c");
        Assert.Equal(2, test.Log.SegmentCount);

        test.Clock.Advance(Roll + TimeSpan.FromMilliseconds(1));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.Equal(3, test.Log.SegmentCount);
    }

    [Fact]
    public async Task Jitter_brings_the_roll_forward_for_each_partition_by_a_share_of_its_own()
    {
        var config = new LogConfig { SegmentMs = 3_600_000, SegmentJitterMs = 1_800_000 };
        await using var test = new TestLog(config);
        var logs = Enumerable.Range(0, 20).Select(
            p => test.Manager.GetOrCreate(new TopicPartition("jittered", p), Guid.NewGuid(), config)).ToList();
        logs.ForEach(l => l.Append(TestLog.Batch(new RecordBatchOptions(), test.Clock.NowMs, ("k", "v")), 0));

        var rolledAt = new Dictionary<PartitionLog, int>();
        for (var minute = 0; minute <= 61; minute++, test.Clock.Advance(TimeSpan.FromMinutes(1)))
        {
            test.Manager.RunMaintenance(test.Clock.Now);
            logs.ForEach(l => _ = l.SegmentCount == 1 || rolledAt.TryAdd(l, minute));
        }

        Assert.Equal(20, rolledAt.Count);
        Assert.All(rolledAt.Values, m => Assert.InRange(m, 30, 61));
        Assert.True(rolledAt.Values.Distinct().Count() > 5, string.Join(",", rolledAt.Values));
    }

    [Theory]
    [InlineData(1, 99)]
    [InlineData(1000, 11)]
    [InlineData(1_000_000, 0)]
    public async Task Index_has_an_entry_for_each_interval(int interval, int most)
    {
        await using var test = new TestLog(new LogConfig { IndexIntervalBytes = interval });
        for (var i = 0; i < 100; i++)
        {
            test.Append($"value-{i:D20}");
        }

        await test.ReopenAsync();
        var index = test.Files.ReadAllBytes(Path.Combine(test.Directory, $"{0:D20}.index"));
        var entries = index.Length / 8;
        Assert.InRange(entries, Math.Min(most, most - 2), most);
        Assert.Equal(50, test.ReadAll(from: 50).Count);
    }

    [Fact]
    public async Task Segment_rolls_when_its_index_is_full()
    {
        await using var test = new TestLog(new LogConfig { IndexIntervalBytes = 1, SegmentIndexBytes = 80 });
        for (var i = 0; i < 100; i++)
        {
            test.Append($"v{i}");
        }

        Assert.InRange(test.Log.SegmentCount, 9, 17);
        Assert.Equal(100, test.ReadAll().Count);
    }

    [Fact]
    public async Task Flush_is_due_after_so_many_records()
    {
        await using var test = new TestLog(new LogConfig { FlushMessages = 3 });
        Assert.Equal((false, false, true), (test.Append("a").IsFlushDue, test.Append("b").IsFlushDue, test.Append("c").IsFlushDue));
        await test.Log.FlushAsync(test.Log.LogEndOffset);
        Assert.False(test.Append("d").IsFlushDue);
    }

    [Fact]
    public async Task Records_are_durable_after_flush_ms()
    {
        await using var test = new TestLog(new LogConfig { FlushMs = 1000 });
        test.Append("a");
        test.Clock.Advance(TimeSpan.FromMilliseconds(999));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.Equal(0, test.Log.DurableOffset);
        test.Clock.Advance(TimeSpan.FromMilliseconds(1));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.Equal(1, test.Log.DurableOffset);
    }

    [Fact]
    public async Task Records_are_not_compacted_before_their_least_lag()
    {
        await using var test = new TestLog(Compacted with { MinCompactionLagMs = 600_000 });
        WriteTwice(test);
        Maintain(test, TimeSpan.FromMinutes(5));
        Assert.Equal(["0=1", "1=2"], test.ReadAll());
        Maintain(test, TimeSpan.FromMinutes(6));
        Assert.Equal(["1=2"], test.ReadAll());
    }

    [Fact]
    public async Task Records_are_compacted_after_their_most_lag_though_few_are_dirty_and_the_segment_is_open()
    {
        await using var test = new TestLog(Compacted with { MinCleanableDirtyRatio = 1, MaxCompactionLagMs = 600_000 });
        WriteTwice(test, roll: false);
        Maintain(test, TimeSpan.FromMinutes(5));
        Assert.Equal(["0=1", "1=2"], test.ReadAll());
        Maintain(test, TimeSpan.FromMinutes(6));
        Maintain(test, TimeSpan.FromMinutes(1));
        Assert.Equal(["1=2"], test.ReadAll());
    }

    [Fact]
    public async Task Files_of_removed_segments_stay_for_their_delay()
    {
        await using var test = new TestLog(new LogConfig { FileDeleteDelayMs = 60_000, RetentionMs = 1000 });
        test.Append("a");
        test.Log.RollSegment();
        Maintain(test, TimeSpan.FromMinutes(5));
        Assert.Contains(test.Files.ListFiles(test.Directory), f => f.EndsWith(".deleted", StringComparison.Ordinal));
        Maintain(test, TimeSpan.FromMinutes(2));
        Assert.DoesNotContain(test.Files.ListFiles(test.Directory), f => f.EndsWith(".deleted", StringComparison.Ordinal));
    }

    private static LogConfig Compacted { get; } = new()
    {
        IsCompacted = true,
        IsDeleted = false,
        MinCleanableDirtyRatio = 0,
        FileDeleteDelayMs = 0,
    };

    private static void WriteTwice(TestLog test, bool roll = true)
    {
        for (var i = 1; i <= 2; i++)
        {
            test.Log.Append(TestLog.Batch(new RecordBatchOptions(), test.Clock.NowMs, ("k", $"{i}")), 0);
        }

        if (roll)
        {
            test.Log.RollSegment();
        }
    }

    private static void Maintain(TestLog test, TimeSpan later)
    {
        test.Clock.Advance(later);
        test.Manager.RunMaintenance(test.Clock.Now);
    }
}
