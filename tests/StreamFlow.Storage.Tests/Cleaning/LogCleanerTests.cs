using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Inspection;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests.Cleaning;

public sealed class LogCleanerTests
{
    private static readonly LogConfig Compacted = new()
    {
        IsCompacted = true,
        IsDeleted = false,
        SegmentBytes = 1000,
        IndexIntervalBytes = 100,
        MinCleanableDirtyRatio = 0,
        DeleteRetentionMs = 60_000,
        FileDeleteDelayMs = 0,
    };

    [Fact]
    public async Task The_latest_record_of_each_key_stays_at_its_offset()
    {
        await using var test = new TestLog(Compacted);
        for (var i = 0; i < 20; i++)
        {
            Put(test, $"k{i % 3}", $"v{i}");
        }

        test.Log.RollSegment();
        Clean(test);
        Assert.Equal(["17=v17", "18=v18", "19=v19"], test.ReadAll());
        Assert.Equal(20, test.Log.LogEndOffset);
        await test.ReopenAsync();
        Assert.Equal(["17=v17", "18=v18", "19=v19"], test.ReadAll());
        Assert.Equal(["18=v18", "19=v19"], test.ReadAll(from: 18));
        Assert.Equal(20, Put(test, "k0", "new").BaseOffset);
    }

    [Fact]
    public async Task The_active_segment_is_left_alone()
    {
        await using var test = new TestLog(Compacted);
        Put(test, "k", "1");
        Put(test, "k", "2");
        Clean(test);
        Assert.Equal(["0=1", "1=2"], test.ReadAll());
    }

    [Fact]
    public async Task A_tombstone_goes_when_its_delete_horizon_has_passed()
    {
        await using var test = new TestLog(Compacted);
        Put(test, "k", "1");
        Put(test, "k", null);
        Put(test, "other", "2");
        test.Log.RollSegment();
        Clean(test);
        Assert.Equal(["1=null", "2=2"], test.ReadAll());

        Dirty(test);
        test.Clock.Advance(TimeSpan.FromMilliseconds(Compacted.DeleteRetentionMs - 20_000));
        Clean(test);
        Assert.Equal("1=null", test.ReadAll()[0]);

        Dirty(test);
        test.Clock.Advance(TimeSpan.FromMilliseconds(Compacted.DeleteRetentionMs));
        Clean(test);
        Assert.Equal("2=2", test.ReadAll()[0]);
    }

    [Fact]
    public async Task Aborted_data_goes_at_once_and_its_marker_after_the_horizon()
    {
        await using var test = new TestLog(Compacted);
        Put(test, "a", "before");
        Put(test, "a", "aborted", Transactional(7, 0));
        Put(test, "b", "aborted", Transactional(7, 1));
        test.Log.AppendMarker(7, 0, ControlRecordType.Abort, 0, 0);
        Put(test, "c", "committed", Transactional(8, 0));
        test.Log.AppendMarker(8, 0, ControlRecordType.Commit, 0, 0);
        test.Log.RollSegment();
        Clean(test);
        Assert.Equal(["0=before", "3=abort", "4=committed", "5=commit"], test.ReadAll());

        // The producer's next transaction, so that its first marker is not the last thing known of it.
        Put(test, "d", "later", Transactional(7, 2));
        test.Log.AppendMarker(7, 0, ControlRecordType.Commit, 0, 0);
        for (var i = 0; i < 2; i++)
        {
            // The first of these takes the empty batch that stood for the producer's sequence, the second sets the marker's horizon.
            Dirty(test);
            Clean(test);
        }

        Dirty(test);
        test.Clock.Advance(TimeSpan.FromMilliseconds(Compacted.DeleteRetentionMs + 60_000));
        Clean(test);
        Assert.DoesNotContain("3=abort", test.ReadAll());
        Assert.Contains("4=committed", test.ReadAll());
    }

    [Fact]
    public async Task An_open_transaction_stops_the_cleaner()
    {
        await using var test = new TestLog(Compacted);
        Put(test, "a", "open", Transactional(7, 0));
        for (var i = 0; i < 30; i++)
        {
            Put(test, "b", $"v{i}");
        }

        test.Log.RollSegment();
        Clean(test);
        Assert.Equal(31, test.ReadAll(isolation: ReadIsolation.LogEnd).Count);
    }

    [Fact]
    public async Task The_last_batch_of_a_producer_stays_empty_so_that_its_sequence_is_known()
    {
        var disk = new CrashFileSystem();
        var test = new TestLog(Compacted, disk);
        Put(test, "k", "1", Idempotent(9, 0));
        Put(test, "k", "2");
        test.Log.RollSegment();
        Clean(test);
        Assert.Equal(["1=2"], test.ReadAll());
        foreach (var snapshot in disk.ListFiles(test.Directory).Where(f => f.EndsWith(".snapshot", StringComparison.Ordinal)))
        {
            disk.DeleteFile(Path.Combine(test.Directory, snapshot));
        }

        await test.Log.FlushAsync(test.Log.LogEndOffset);
        disk.SyncDirectory(test.Directory);
        disk.Crash(new Random(1), CrashMode.LoseUnsynced);
        test.Open();
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Put(test, "k", "4", Idempotent(9, 2)).Error);
        Assert.Equal(ErrorCode.None, Put(test, "k", "3", Idempotent(9, 1)).Error);
    }

    [Fact]
    public async Task Compaction_agrees_with_a_plain_model()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            await using var test = new TestLog(Compacted with { SegmentBytes = random.Next(500, 3000) });
            var model = new CompactionModel();
            for (var round = 0; round < 4; round++)
            {
                model.Write(test, random);
                test.Log.RollSegment();
                Clean(test);
                model.Check(test, $"seed {seed}, round {round}");
            }

            await test.ReopenAsync();
            model.Check(test, $"seed {seed}, reopened");
            Assert.Null(new LogInspector(test.Files).FindFault(TestLog.Root));
        }
    }

    [Fact]
    public async Task A_crash_at_any_moment_of_a_cleaning_loses_nothing()
    {
        var isComplete = false;
        for (var failAt = 0; !isComplete; failAt++)
        {
            var disk = new CrashFileSystem();
            var test = new TestLog(Compacted with { FileDeleteDelayMs = failAt % 2 * 1000 }, disk);
            for (var i = 0; i < 60; i++)
            {
                Put(test, $"k{i % 7}", $"v{i}");
            }

            test.Log.RollSegment();
            await test.Log.FlushAsync(test.Log.LogEndOffset);
            test.Manager.Checkpoint();
            var before = disk.Changes;
            disk.FailAtChange = before + failAt;
            test.Clock.Advance(TimeSpan.FromSeconds(20));
            _ = Record.Exception(() => test.Manager.RunMaintenance(test.Clock.Now));
            isComplete = disk.Changes - before <= failAt;
            Assert.True(!isComplete || failAt > 10);

            disk.Crash(new Random(failAt), (CrashMode)(failAt % 3));
            test.Open();
            Assert.Equal(["v53", "v54", "v55", "v56", "v57", "v58", "v59"], test.ReadAll().Select(r => r.Split('=')[1]).TakeLast(7));
            Assert.Equal(60, test.Log.LogEndOffset);
            Assert.Empty(test.Log.Damages);
        }
    }

    private static RecordBatchOptions Transactional(long producerId, int sequence) => Idempotent(producerId, sequence) with { IsTransactional = true };

    private static RecordBatchOptions Idempotent(long producerId, int sequence) =>
        new() { ProducerId = producerId, ProducerEpoch = 0, BaseSequence = sequence };

    private static AppendResult Put(TestLog test, string key, string? value, RecordBatchOptions? options = null) =>
        test.Log.Append(TestLog.Batch(options ?? new RecordBatchOptions(), test.Clock.NowMs, (key, value)), 0);

    private static void Dirty(TestLog test)
    {
        Put(test, "dirty", "x");
        test.Log.RollSegment();
    }

    private static void Clean(TestLog test)
    {
        test.Clock.Advance(TimeSpan.FromSeconds(15));
        test.Manager.RunMaintenance(test.Clock.Now);
    }
}
