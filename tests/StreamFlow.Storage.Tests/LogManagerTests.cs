using Microsoft.Extensions.Logging.Abstractions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests;

public sealed class LogManagerTests
{
    [Fact]
    public async Task A_second_holder_is_told_who_holds_the_directory()
    {
        var root = Directory.CreateTempSubdirectory("streamflow-").FullName;
        try
        {
            await using var first = Open(SystemFileSystem.Instance, root);
            var e = Assert.Throws<StorageException>(() => Open(SystemFileSystem.Instance, root));
            Assert.Contains($"in use by process {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task A_directory_belongs_to_one_node()
    {
        var files = new InMemoryFileSystem();
        await Open(files, "/data").DisposeAsync();
        var e = Assert.Throws<StorageException>(() => Open(files, "/data", nodeId: 2));
        Assert.Contains("belongs to node 1", e.Message, StringComparison.Ordinal);
        await using var again = Open(files, "/data");
        Assert.True(again.WasCleanShutdown);
    }

    [Fact]
    public async Task Partitions_are_found_again_with_their_topic_ids_and_deleted_ones_are_not()
    {
        var files = new InMemoryFileSystem();
        var clock = new ManualClock();
        var id = new Guid("01234567-89ab-cdef-0123-456789abcdef");
        await using (var manager = Open(files, "/data", clock: clock))
        {
            for (var i = 0; i < 3; i++)
            {
                manager.GetOrCreate(new TopicPartition("my-topic", i), id, new LogConfig()).Append(Batch("v"), 0);
            }

            Assert.True(manager.Delete(new TopicPartition("my-topic", 1)));
            Assert.Null(manager.Find(new TopicPartition("my-topic", 1)));
            Assert.Single(files.ListDirectories("/data"), d => d.EndsWith("-delete", StringComparison.Ordinal));
            clock.Advance(TimeSpan.FromMinutes(2));
            manager.RunMaintenance(clock.Now);
            Assert.Equal(2, files.ListDirectories("/data").Count);
            Assert.Equal(0, manager.GetOrCreate(new TopicPartition("my-topic", 1), id, new LogConfig()).LogEndOffset);
        }

        await using var reopened = Open(files, "/data");
        Assert.Equal([0, 1, 2], reopened.Logs.Select(l => l.TopicPartition.Partition).Order());
        Assert.All(reopened.Logs, l => Assert.Equal(id, l.TopicId));
        Assert.Equal([0L, 1L, 1L], reopened.Logs.Select(l => l.LogEndOffset).Order());
    }

    [Fact]
    public async Task Requests_that_wait_for_the_disk_share_a_sync()
    {
        var disk = new CrashFileSystem();
        await using var manager = Open(disk, "/data", background: true);
        var log = manager.GetOrCreate(new TopicPartition("t", 0), Guid.Empty, new LogConfig());
        await log.FlushAsync(log.LogEndOffset);
        var before = disk.Syncs;
        var waiting = new List<Task>();
        lock (disk)
        {
            for (var i = 0; i < 200; i++)
            {
                waiting.Add(log.FlushAsync(log.Append(Batch($"v{i}"), 0).LastOffset + 1).AsTask());
            }
        }

        await Task.WhenAll(waiting);
        Assert.Equal(200, log.DurableOffset);
        Assert.InRange(disk.Syncs - before, 1, 200);
    }

    [Fact]
    public async Task Deleted_records_stay_deleted_when_the_machine_stops()
    {
        var disk = new CrashFileSystem();
        var topic = new TopicPartition("t", 0);
        var manager = Open(disk, "/data"); // never disposed: the machine stops
        var log = manager.GetOrCreate(topic, Guid.Empty, new LogConfig());
        for (var i = 0; i < 10; i++)
        {
            log.Append(Batch("v"), 0);
        }

        await log.FlushAsync(log.LogEndOffset);
        Assert.Equal(ErrorCode.None, log.DeleteRecords(7));
        manager.CheckpointLogStarts();
        disk.Crash(new Random(1), CrashMode.LoseUnsynced);
        await using var again = Open(disk, "/data");
        Assert.Equal((7L, 10L), (again.Find(topic)!.LogStartOffset, again.Find(topic)!.LogEndOffset));
    }

    [Fact]
    public async Task Settings_change_while_the_log_runs()
    {
        await using var manager = Open(new InMemoryFileSystem(), "/data");
        var log = manager.GetOrCreate(new TopicPartition("t", 0), Guid.Empty, new LogConfig());
        manager.UpdateConfig("t", LogConfig.FromProperties([new("max.message.bytes", "50")], log.Config));
        Assert.Equal(ErrorCode.MessageTooLarge, log.Append(Batch("v"), 0).Error);
    }

    [Fact]
    public void Wrong_settings_are_all_named()
    {
        var e = Assert.Throws<ConfigurationException>(() => LogConfig.FromProperties(
            [new("retention.ms", "soon"), new("cleanup.policy", "shred"), new("retention.hours", "1"), new("segment.bytes", "65536")]));
        Assert.Contains("retention.ms=soon", e.Message, StringComparison.Ordinal);
        Assert.Contains("cleanup.policy=shred", e.Message, StringComparison.Ordinal);
        Assert.Contains("'retention.hours' is not a topic setting", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_reads_back_what_it_was_given()
    {
        foreach (var key in Configuration.LogConfigKeys.All)
        {
            Assert.Equal(key.Default, key.Read(LogConfig.FromProperties([new(key.Name, key.Default)])));
        }
    }

    private static byte[] Batch(string value) => TestLog.Batch(new RecordBatchOptions(), 1, ("k", value));

    private static LogManager Open(IFileSystem files, string root, int nodeId = 1, ManualClock? clock = null, bool background = false) => LogManager.Open(
        new LogManagerOptions { Directory = root, NodeId = nodeId, FlushInBackground = background },
        _ => new LogConfig(),
        files,
        clock ?? new ManualClock(),
        NullLogger.Instance);
}
