using StreamFlow.Core.Errors;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests.Cleaning;

public sealed class LogRetentionTests
{
    [Fact]
    public async Task Segments_older_than_the_limit_go_and_the_active_one_is_rolled_first()
    {
        await using var test = new TestLog(new LogConfig { RetentionMs = 60_000, FileDeleteDelayMs = 1000 });
        test.Append("old");
        test.Log.RollSegment();
        test.Append("newer");
        test.Clock.Advance(TimeSpan.FromSeconds(30));
        test.Append("newest");
        test.Clock.Advance(TimeSpan.FromSeconds(40));
        Maintain(test);
        Assert.Equal((1, ErrorCode.OffsetOutOfRange), (test.Log.LogStartOffset, test.Log.Read(0, 100).Error));
        Assert.Equal(["1=newer", "2=newest"], test.ReadAll());

        test.Clock.Advance(TimeSpan.FromSeconds(61));
        Maintain(test);
        Assert.Equal((3, 3, 1), (test.Log.LogStartOffset, test.Log.LogEndOffset, test.Log.SegmentCount));
        Assert.Equal(3, test.Append("again").BaseOffset);
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        Maintain(test);
        Assert.DoesNotContain(test.Files.ListFiles(test.Directory), f => f.EndsWith(".deleted", StringComparison.Ordinal));
        await test.ReopenAsync();
        Assert.Equal(["3=again"], test.ReadAll());
    }

    [Fact]
    public async Task First_look_is_after_the_initial_delay_and_files_go_when_their_own_time_has_come()
    {
        await using var test = new TestLog(new LogConfig { RetentionMs = 1000, FileDeleteDelayMs = 5000 });
        test.Append("old");
        test.Clock.Advance(TimeSpan.FromSeconds(29));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.Equal(0, test.Log.LogStartOffset);

        test.Clock.Advance(TimeSpan.FromSeconds(1));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.Equal(1, test.Log.LogStartOffset);
        Assert.Contains(test.Files.ListFiles(test.Directory), f => f.EndsWith(".deleted", StringComparison.Ordinal));

        test.Clock.Advance(TimeSpan.FromSeconds(5));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.DoesNotContain(test.Files.ListFiles(test.Directory), f => f.EndsWith(".deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Segments_beyond_the_size_go_as_long_as_enough_is_left()
    {
        await using var test = new TestLog(new LogConfig { SegmentBytes = 1000, RetentionBytes = 2500 });
        for (var i = 0; i < 100; i++)
        {
            test.Append($"value-{i}");
        }

        Maintain(test);
        Assert.InRange(test.Log.SizeInBytes, 2500, 3500);
        Assert.Equal("99=value-99", test.ReadAll()[^1]);
    }

    [Fact]
    public async Task A_reader_finishes_with_a_segment_that_is_being_removed()
    {
        await using var test = new TestLog(new LogConfig { RetentionMs = 1000 });
        test.Append("old");
        var read = test.Log.Read(0, 1 << 20);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        Maintain(test);
        Assert.Equal(1, test.Log.LogStartOffset);
        Assert.Equal(read.Length, read.CopyTo(new byte[read.Length]));
    }

    [Theory]
    [InlineData(ReadIsolation.HighWatermark, true)]
    [InlineData(ReadIsolation.HighWatermark, false)]
    [InlineData(ReadIsolation.Committed, true)]
    [InlineData(ReadIsolation.Committed, false)]
    public async Task A_read_that_retention_overtakes_is_told_and_sees_neither_nothing_nor_a_gap(ReadIsolation isolation, bool isAllGone)
    {
        await using var test = new TestLog(new LogConfig { RetentionMs = 1000 });
        test.Append("old");
        var seen = test.Log.Look();
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        if (!isAllGone)
        {
            test.Log.RollSegment();
            test.Append("new");
        }

        seen = isAllGone ? seen : test.Log.Look();
        Maintain(test);
        var read = test.Log.Read(seen, 0, 1 << 20, isolation, minOneBatch: true);
        Assert.Equal((ErrorCode.OffsetOutOfRange, 1, 0), (read.Error, read.LogStartOffset, read.Length));
    }

    [Fact]
    public async Task Deleted_records_are_gone_at_once_and_stay_gone()
    {
        await using var test = new TestLog(new LogConfig { SegmentBytes = 500 });
        for (var i = 0; i < 30; i++)
        {
            test.Append($"v{i}");
        }

        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.DeleteRecords(31));
        Assert.Equal(ErrorCode.None, test.Log.DeleteRecords(13));
        Assert.Equal((13, "13=v13"), (test.Log.LogStartOffset, test.ReadAll()[0]));
        await test.ReopenAsync();
        Assert.Equal((13, "13=v13"), (test.Log.LogStartOffset, test.ReadAll()[0]));
        Maintain(test);
        Assert.True(test.Log.SegmentCount < 5);
        Assert.Equal(ErrorCode.None, test.Log.DeleteRecords(-1));
        Assert.Empty(test.ReadAll());
    }

    [Fact]
    public async Task After_a_crash_removed_records_do_not_come_back_in_front_of_a_gap()
    {
        var disk = new CrashFileSystem();
        var test = new TestLog(new LogConfig { SegmentBytes = 500, RetentionBytes = 1000, FileDeleteDelayMs = 0 }, disk);
        for (var i = 0; i < 30; i++)
        {
            test.Append($"v{i}");
        }

        await test.Log.FlushAsync(test.Log.LogEndOffset);
        Maintain(test);
        disk.Crash(new Random(5), CrashMode.Prefix);
        test.Open();
        var all = test.ReadAll();
        Assert.Equal(Enumerable.Range(30 - all.Count, all.Count).Select(i => $"{i}=v{i}"), all);
    }

    private static void Maintain(TestLog test) => test.Log.RunMaintenance(test.Clock.Now);
}
