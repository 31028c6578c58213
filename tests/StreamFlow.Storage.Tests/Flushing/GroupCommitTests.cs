using Microsoft.Extensions.Logging.Abstractions;
using StreamFlow.Core.Errors;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everybody_who_waits_for_a_sync_is_answered_when_many_write_to_several_logs(bool mayRunHere)
    {
        await using var manager = OpenManager();
        var logs = Enumerable.Range(0, Partitions)
            .Select(p => manager.GetOrCreate(new TopicPartition("orders", p), Guid.NewGuid(), new LogConfig())).ToArray();

        var writers = logs.SelectMany(log => Enumerable.Range(0, WritersEach).Select(w => Task.Run(() => WriteAsync(log, w, mayRunHere))));
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(120));

        Assert.All(logs, log => Assert.Equal(WritersEach * Rounds, log.DurableOffset));
    }

    [Fact]
    public async Task Who_writes_one_at_a_time_and_may_be_kept_syncs_on_his_own_thread()
    {
        await using var manager = OpenManager();
        var log = manager.GetOrCreate(new TopicPartition("orders", 0), Guid.NewGuid(), new LogConfig());
        var appended = log.Append(TestLog.Batch(new RecordBatchOptions(), 0, ("k", "v")), leaderEpoch: 0);
        var observer = new Observer();

        Assert.True(log.RequestFlush(appended.LastOffset + 1, observer, mayRunHere: true));

        Assert.True(observer.Flushed.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, observer.Thread);
        Assert.Equal(appended.LastOffset + 1, log.DurableOffset);
    }

    private static LogManager OpenManager() => LogManager.Open(
        new LogManagerOptions { Directory = TestLog.Root, FlushInBackground = true },
        _ => new LogConfig(),
        new InMemoryFileSystem(),
        new ManualClock(),
        NullLogger.Instance);

    private static async Task WriteAsync(PartitionLog log, int writer, bool mayRunHere)
    {
        for (var i = 0; i < Rounds; i++)
        {
            var appended = log.Append(TestLog.Batch(new RecordBatchOptions(), 0, ("k", "v")), leaderEpoch: 0);
            var observer = new Observer();
            if (log.RequestFlush(appended.LastOffset + 1, observer, mayRunHere))
            {
                await observer.Flushed;
            }

            Assert.True(log.DurableOffset > appended.LastOffset);
            if (writer % 2 == 0 && i % 16 == 0)
            {
                await Task.Yield();
            }
        }
    }

    private sealed class Observer : IFlushObserver
    {
        private readonly TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Flushed => _flushed.Task;

        public int Thread { get; private set; }

        public void OnFlushed(StorageException? error)
        {
            Thread = Environment.CurrentManagedThreadId;
            if (error is null)
            {
                _flushed.SetResult();
            }
            else
            {
                _flushed.SetException(error);
            }
        }
    }
}
