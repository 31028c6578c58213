using Microsoft.Extensions.Logging.Abstractions;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests.Flushing;

public sealed class GroupCommitTests
{
    private const int Partitions = 3;
    private const int WritersEach = 4;
    private const int Rounds = 200;

    [Fact]
    public async Task Everybody_who_waits_for_a_sync_is_answered_when_many_write_to_several_logs()
    {
        await using var manager = LogManager.Open(
            new LogManagerOptions { Directory = TestLog.Root, FlushInBackground = true },
            _ => new LogConfig(),
            new InMemoryFileSystem(),
            new ManualClock(),
            NullLogger.Instance);
        var logs = Enumerable.Range(0, Partitions)
            .Select(p => manager.GetOrCreate(new TopicPartition("orders", p), Guid.NewGuid(), new LogConfig())).ToArray();

        var writers = logs.SelectMany(log => Enumerable.Range(0, WritersEach).Select(w => Task.Run(() => WriteAsync(log, w))));
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(120));

        Assert.All(logs, log => Assert.Equal(WritersEach * Rounds, log.DurableOffset));
    }

    private static async Task WriteAsync(PartitionLog log, int writer)
    {
        for (var i = 0; i < Rounds; i++)
        {
            var appended = log.Append(TestLog.Batch(new RecordBatchOptions(), 0, ("k", "v")), leaderEpoch: 0);
            await log.FlushAsync(appended.LastOffset + 1);
            Assert.True(log.DurableOffset > appended.LastOffset);
            if (writer % 2 == 0 && i % 16 == 0)
            {
                await Task.Yield();
            }
        }
    }
}
