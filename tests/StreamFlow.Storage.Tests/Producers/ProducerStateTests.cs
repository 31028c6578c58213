using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests.Producers;

public sealed class ProducerStateTests
{
    [Fact]
    public async Task A_batch_sent_again_is_answered_with_its_old_offset()
    {
        await using var test = new TestLog();
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(i * 2, Send(test, sequence: i * 2, count: 2).BaseOffset);
        }

        for (var i = 1; i < 6; i++)
        {
            var again = Send(test, sequence: i * 2, count: 2);
            Assert.Equal((true, i * 2, (i * 2) + 1), (again.IsDuplicate, again.BaseOffset, again.LastOffset));
        }

        Assert.Equal(12, test.Log.LogEndOffset);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(test, sequence: 0, count: 2).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(test, sequence: 10, count: 1).Error);
    }

    [Fact]
    public async Task Sequences_follow_without_a_gap_and_wrap_to_zero()
    {
        await using var test = new TestLog();
        Assert.Equal(ErrorCode.None, Send(test, sequence: int.MaxValue - 1, count: 2).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(test, sequence: 1, count: 1).Error);
        Assert.Equal(ErrorCode.None, Send(test, sequence: 0, count: 1).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(test, sequence: 2, count: 1).Error);
    }

    [Fact]
    public async Task An_epoch_begins_at_zero_and_fences_those_before()
    {
        await using var test = new TestLog();
        Send(test, sequence: 0, count: 1);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(test, sequence: 1, count: 1, epoch: 1).Error);
        Assert.Equal(ErrorCode.None, Send(test, sequence: 0, count: 1, epoch: 1).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Send(test, sequence: 1, count: 1, epoch: 0).Error);
    }

    [Fact]
    public async Task A_producer_with_an_epoch_per_transaction_begins_at_zero_where_it_is_not_known()
    {
        await using var test = new TestLog();
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, SendV2(test, sequence: 3, epoch: 0).Error);
        Assert.Equal(ErrorCode.None, SendV2(test, sequence: 0, epoch: 0).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, SendV2(test, sequence: 2, epoch: 0).Error);
        Assert.Equal(ErrorCode.None, SendV2(test, sequence: 1, epoch: 0).Error);
        test.Log.AppendMarker(1, 1, ControlRecordType.Commit, 0, 0);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, SendV2(test, sequence: 2, epoch: 1).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, SendV2(test, sequence: 2, epoch: 0).Error);
        Assert.Equal(ErrorCode.None, SendV2(test, sequence: 0, epoch: 1).Error);

        // Others may have been forgotten while they were idle.
        Assert.Equal(ErrorCode.None, Send(test, sequence: 3, count: 1, producerId: 2, transactional: true).Error);
    }

    [Fact]
    public async Task The_window_holds_five_batches_of_one_epoch()
    {
        await using var test = new TestLog();
        for (var i = 0; i < 7; i++)
        {
            Send(test, sequence: i, count: 1);
        }

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(test, sequence: 1, count: 1).Error);
        Assert.Equal((true, 2L), (Send(test, sequence: 2, count: 1).IsDuplicate, Send(test, sequence: 2, count: 1).BaseOffset));
        Send(test, sequence: 0, count: 1, epoch: 1);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(test, sequence: 6, count: 1, epoch: 1).Error);
        Assert.Equal((true, 7L), (Send(test, sequence: 0, count: 1, epoch: 1).IsDuplicate, Send(test, sequence: 0, count: 1, epoch: 1).BaseOffset));

        // A snapshot has the last batch alone, as Kafka's; those behind it are read from the log again.
        await test.ReopenAsync();
        Assert.True(Send(test, sequence: 0, count: 1, epoch: 1).IsDuplicate);
        Assert.Equal(ErrorCode.None, Send(test, sequence: 1, count: 1, epoch: 1).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_state_is_the_same_after_a_restart(bool isClean)
    {
        var disk = new CrashFileSystem();
        var test = new TestLog(new LogConfig { SegmentBytes = 700 }, disk);
        for (var i = 0; i < 40; i++)
        {
            Send(test, sequence: i, count: 1, producerId: 3);
            Send(test, sequence: i, count: 1, producerId: 4, transactional: true);
            if (i % 5 == 4)
            {
                test.Log.AppendMarker(4, 0, i % 2 == 0 ? ControlRecordType.Abort : ControlRecordType.Commit, 1, 0);
            }
        }

        Send(test, sequence: 40, count: 1, producerId: 4, transactional: true);
        var before = test.Log.DescribeProducers().OrderBy(p => p.ProducerId).ToList();
        var stable = test.Log.LastStableOffset;
        var aborted = Aborted(test);
        Assert.Equal(4, aborted.Count);
        if (isClean)
        {
            await test.ReopenAsync();
        }
        else
        {
            await test.Log.FlushAsync(test.Log.LogEndOffset);
            disk.Crash(new Random(3), CrashMode.LoseUnsynced);
            test.Open();
        }

        Assert.Equal(before, test.Log.DescribeProducers().OrderBy(p => p.ProducerId));
        Assert.Equal(stable, test.Log.LastStableOffset);
        Assert.Equal(aborted, Aborted(test));
    }

    [Fact]
    public async Task Committed_readers_stop_at_the_first_open_transaction_and_learn_of_aborted_ones()
    {
        await using var test = new TestLog();
        test.Append("plain");
        Send(test, sequence: 0, count: 2, producerId: 1, transactional: true);
        Send(test, sequence: 0, count: 1, producerId: 2, transactional: true);
        test.Append("after");
        Assert.Equal(["0=plain"], test.ReadAll(isolation: ReadIsolation.Committed));
        Assert.Equal(1, test.Log.LastStableOffset);

        test.Log.AppendMarker(1, 0, ControlRecordType.Commit, 0, 0);
        Assert.Equal(3, test.Log.LastStableOffset);
        test.Log.AppendMarker(2, 0, ControlRecordType.Abort, 0, 0);
        Assert.Equal(7, test.Log.LastStableOffset);
        var read = test.Log.Read(0, 1 << 20, ReadIsolation.Committed);
        Assert.Equal([new AbortedTransaction(2, 3, 6, 7)], read.AbortedTransactions);
        Assert.Null(test.Log.Read(0, 1 << 20).AbortedTransactions);
    }

    [Fact]
    public async Task A_marker_of_an_older_coordinator_is_refused()
    {
        await using var test = new TestLog();
        Send(test, sequence: 0, count: 1, transactional: true);
        Assert.Equal(ErrorCode.None, test.Log.AppendMarker(1, 0, ControlRecordType.Commit, 5, 0).Error);
        Assert.Equal(ErrorCode.TransactionCoordinatorFenced, test.Log.AppendMarker(1, 0, ControlRecordType.Commit, 4, 0).Error);
        Assert.Equal(ErrorCode.None, test.Log.AppendMarker(1, 1, ControlRecordType.Commit, 5, 0).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, test.Log.AppendMarker(1, 0, ControlRecordType.Commit, 5, 0).Error);
    }

    [Fact]
    public async Task An_idle_producer_is_forgotten_after_a_day_but_not_in_a_transaction()
    {
        await using var test = new TestLog();
        Send(test, sequence: 0, count: 1, producerId: 1);
        Send(test, sequence: 0, count: 1, producerId: 2, transactional: true);
        test.Clock.Advance(TimeSpan.FromDays(2));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.Equal([2L], test.Log.DescribeProducers().Select(p => p.ProducerId));
    }

    [Fact]
    public async Task A_forgotten_producer_goes_on_with_any_sequence()
    {
        await using var test = new TestLog();
        Send(test, sequence: 0, count: 1);
        test.Clock.Advance(TimeSpan.FromDays(2));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.Equal(ErrorCode.None, Send(test, sequence: 9, count: 1).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Send(test, sequence: 11, count: 1).Error);
    }

    private static List<AbortedTransaction> Aborted(TestLog test)
    {
        var all = new List<AbortedTransaction>();
        for (var offset = 0L; test.Log.Read(offset, 1 << 20, ReadIsolation.Committed) is { IsEmpty: false } read;)
        {
            all.AddRange(read.AbortedTransactions!);
            var bytes = new byte[read.Length];
            read.CopyTo(bytes);
            offset = TestLog.Decode(bytes, offset, []);
        }

        return [.. all.Distinct()];
    }

    private static AppendResult SendV2(TestLog test, int sequence, short epoch)
    {
        var options = new RecordBatchOptions { ProducerId = 1, ProducerEpoch = epoch, BaseSequence = sequence, IsTransactional = true };
        return test.Log.Append(TestLog.Batch(options, test.Clock.NowMs, ("k", "v")), 0, AppendOrigin.EpochPerTransactionClient);
    }

    private static AppendResult Send(TestLog test, int sequence, int count, short epoch = 0, long producerId = 1, bool transactional = false)
    {
        var values = Enumerable.Range(0, count).Select(i => ((string?)"k", (string?)$"v{i}")).ToArray();
        var options = new RecordBatchOptions { ProducerId = producerId, ProducerEpoch = epoch, BaseSequence = sequence, IsTransactional = transactional };
        return test.Log.Append(TestLog.Batch(options, test.Clock.NowMs, values), 0);
    }
}
