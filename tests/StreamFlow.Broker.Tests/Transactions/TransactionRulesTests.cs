using StreamFlow.Broker.Transactions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Tests.Transactions;

public sealed class TransactionRulesTests
{
    private static readonly TopicPartition[] One = [new("t", 0)];

    [Fact]
    public void Transaction_goes_from_its_first_partition_to_its_end_and_on_to_the_next()
    {
        var state = Init(null);
        Assert.Equal((TransactionStatus.Empty, (short)0), (state.Status, state.ProducerEpoch));

        state = Next(TransactionRules.AddPartitions(state, 1, 0, One, 10));
        Assert.Equal((TransactionStatus.Ongoing, 10L), (state.Status, state.StartTimestamp));
        Assert.Null(TransactionRules.AddPartitions(state, 1, 0, One, 11).Next);

        state = Next(TransactionRules.End(state, 1, 0, isCommit: true, 20));
        Assert.Equal(TransactionStatus.PrepareCommit, state.Status);
        Assert.Equal(ErrorCode.ConcurrentTransactions, TransactionRules.AddPartitions(state, 1, 0, One, 21).Error);
        Assert.Equal(ErrorCode.ConcurrentTransactions, TransactionRules.End(state, 1, 0, isCommit: true, 21).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.End(state, 1, 0, isCommit: false, 21).Error);

        state = TransactionRules.Complete(state, 30);
        Assert.Equal(TransactionStatus.CompleteCommit, state.Status);
        Assert.Empty(state.Partitions);
        Assert.Equal(TransactionStep.Unchanged, TransactionRules.End(state, 1, 0, isCommit: true, 31));
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.End(state, 1, 0, isCommit: false, 31).Error);

        state = Next(TransactionRules.AddPartitions(state, 1, 0, [new("t", 5)], 40));
        Assert.Equal([new TopicPartition("t", 5)], state.Partitions);
        Assert.Equal(40, state.StartTimestamp);
    }

    [Fact]
    public void New_incarnation_gets_the_next_epoch_and_fences_the_old_one()
    {
        var state = Init(Init(null));

        Assert.Equal(1, state.ProducerEpoch);
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.AddPartitions(state, 1, 0, One, 1).Error);
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.End(state, 1, 0, true, 1).Error);
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, TransactionRules.End(state, 9, 1, true, 1).Error);
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, TransactionRules.AddPartitions(null, 1, 0, One, 1).Error);
    }

    [Fact]
    public void Open_transaction_of_an_old_incarnation_is_aborted_first()
    {
        var open = Next(TransactionRules.AddPartitions(Init(null), 1, 0, One, 10));

        var step = TransactionRules.InitProducerId(open, "id", 1000, -1, -1, () => 2, 20);

        Assert.Equal(ErrorCode.ConcurrentTransactions, step.Error);
        Assert.Equal((TransactionStatus.PrepareAbort, (short)1), (step.Next!.Status, step.Next.ProducerEpoch));
        Assert.Equal(ErrorCode.ConcurrentTransactions, TransactionRules.InitProducerId(step.Next, "id", 1000, -1, -1, () => 2, 21).Error);
        var aborted = TransactionRules.Complete(step.Next, 30);
        Assert.Equal(TransactionStatus.CompleteAbort, aborted.Status);
        Assert.Equal(2, Init(aborted).ProducerEpoch);
    }

    [Fact]
    public void Producer_that_asks_for_a_new_epoch_may_repeat_the_question()
    {
        var bumped = Next(TransactionRules.InitProducerId(Init(null), "id", 1000, 1, 0, () => 2, 10));

        Assert.Equal(1, bumped.ProducerEpoch);
        Assert.Equal(TransactionStep.Unchanged, TransactionRules.InitProducerId(bumped, "id", 1000, 1, 0, () => 2, 11));
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.InitProducerId(bumped, "id", 1000, 1, 7, () => 2, 11).Error);
    }

    [Fact]
    public void Producer_gets_a_new_id_when_its_epochs_are_used_up()
    {
        var worn = Init(null) with { ProducerEpoch = TransactionMetadata.LastEpoch };

        var state = Next(TransactionRules.InitProducerId(worn, "id", 1000, -1, -1, () => 2, 10));

        Assert.Equal((2L, (short)0, 1L), (state.ProducerId, state.ProducerEpoch, state.PreviousProducerId));
    }

    [Fact]
    public void Transaction_that_ends_with_a_new_epoch_may_be_ended_again_with_the_old_one()
    {
        var open = Next(TransactionRules.AddPartitions(Init(null), 1, 0, One, 10));

        var decided = Next(TransactionRules.EndWithNewEpoch(open, 1, 0, isCommit: true, () => 2, 20));
        Assert.Equal((TransactionStatus.PrepareCommit, (short)1), (decided.Status, decided.ProducerEpoch));
        Assert.Equal(ErrorCode.ConcurrentTransactions, TransactionRules.EndWithNewEpoch(decided, 1, 0, true, () => 2, 21).Error);

        var complete = TransactionRules.Complete(decided, 30);
        Assert.Equal(TransactionStep.Unchanged, TransactionRules.EndWithNewEpoch(complete, 1, 0, true, () => 2, 31));
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.EndWithNewEpoch(complete, 1, 0, false, () => 2, 31).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.EndWithNewEpoch(complete, 1, 1, true, () => 2, 31).Error);
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.EndWithNewEpoch(complete, 1, 5, true, () => 2, 31).Error);
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, TransactionRules.EndWithNewEpoch(complete, 9, 1, true, () => 2, 31).Error);
    }

    [Fact]
    public void Abort_of_nothing_moves_the_epoch_on()
    {
        var aborted = Next(TransactionRules.EndWithNewEpoch(Init(null), 1, 0, isCommit: false, () => 2, 20));

        Assert.Equal((TransactionStatus.PrepareAbort, (short)1), (aborted.Status, aborted.ProducerEpoch));
        Assert.Empty(aborted.Partitions);
        var again = Next(TransactionRules.EndWithNewEpoch(TransactionRules.Complete(aborted, 30), 1, 1, isCommit: false, () => 2, 40));
        Assert.Equal(2, again.ProducerEpoch);
    }

    [Fact]
    public void Transaction_with_the_last_epoch_goes_on_under_a_new_id_once_its_markers_are_written()
    {
        var worn = Init(null) with { ProducerEpoch = TransactionMetadata.LastEpoch };
        var open = Next(TransactionRules.AddPartitions(worn, 1, TransactionMetadata.LastEpoch, One, 10));

        var decided = Next(TransactionRules.EndWithNewEpoch(open, 1, TransactionMetadata.LastEpoch, isCommit: true, () => 2, 20));
        Assert.Equal((1L, short.MaxValue, 2L), (decided.ProducerId, decided.ProducerEpoch, decided.NextProducerId));

        // The producer has its new id from the answer, and may be quicker than the markers.
        Assert.Equal(ErrorCode.InvalidTxnState, TransactionRules.Verify(decided, 2, 0, One[0]));
        Assert.Equal(ErrorCode.ConcurrentTransactions, TransactionRules.AddPartitions(decided, 2, 0, One, 21).Error);
        Assert.Equal(ErrorCode.ConcurrentTransactions, TransactionRules.EndWithNewEpoch(decided, 2, 0, false, () => 3, 21).Error);
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, TransactionRules.Verify(decided, 3, 0, One[0]));

        var complete = TransactionRules.Complete(decided, 30);
        Assert.Equal(ErrorCode.None, TransactionRules.Verify(Next(TransactionRules.AddPartitions(complete, 2, 0, One, 31)), 2, 0, One[0]));
        Assert.Equal((2L, (short)0, 1L), (complete.ProducerId, complete.ProducerEpoch, complete.PreviousProducerId));
        Assert.Equal(
            TransactionStep.Unchanged, TransactionRules.EndWithNewEpoch(complete, 1, TransactionMetadata.LastEpoch, true, () => 3, 31));
    }

    [Fact]
    public void Transaction_times_out_and_its_producer_is_fenced()
    {
        var open = Next(TransactionRules.AddPartitions(Init(null), 1, 0, One, 10));

        Assert.False(TransactionRules.IsTimedOut(open, 1010));
        Assert.True(TransactionRules.IsTimedOut(open, 1011));
        var fenced = TransactionRules.FenceAndAbort(open, 1011);
        Assert.Equal(ErrorCode.ProducerFenced, TransactionRules.End(fenced, 1, 0, true, 1012).Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_epochs_never_go_back_and_only_allowed_moves_are_made(int seed)
    {
        var random = new Random(seed);
        TransactionMetadata? state = null;
        for (var step = 0; step < 5000; step++)
        {
            var epoch = (short)Math.Max((state?.ProducerEpoch ?? 0) - random.Next(2), 0);
            var producerId = state?.ProducerId ?? 1;
            var outcome = random.Next(6) switch
            {
                0 => TransactionRules.InitProducerId(state, "id", 1000, -1, -1, () => producerId + 1, step),
                1 => TransactionRules.AddPartitions(state, producerId, epoch, [new("t", random.Next(3))], step),
                5 => TransactionRules.EndWithNewEpoch(state, producerId, epoch, random.Next(2) == 0, () => producerId + 1, step),
                2 or 3 => TransactionRules.End(state, producerId, epoch, random.Next(2) == 0, step),
                _ => state is { IsDecided: true } ? TransactionStep.To(TransactionRules.Complete(state, step)) : TransactionStep.Unchanged,
            };
            if (outcome.Next is not { } next)
            {
                continue;
            }

            Assert.True(IsAllowed(state?.Status, next.Status), $"seed {seed}, step {step}: {state?.Status} to {next.Status}");
            Assert.True(
                state is null || next.ProducerId > state.ProducerId || next.ProducerEpoch >= state.ProducerEpoch,
                $"seed {seed}, step {step}: epoch {state?.ProducerEpoch} to {next.ProducerEpoch}");
            Assert.True(next.Status is TransactionStatus.Ongoing || next.IsDecided || next.Partitions.IsEmpty, $"seed {seed}, step {step}");
            state = next;
        }
    }

    private static bool IsAllowed(TransactionStatus? from, TransactionStatus to) => to switch
    {
        TransactionStatus.Empty => from is null or TransactionStatus.Empty or TransactionStatus.CompleteCommit or TransactionStatus.CompleteAbort,
        TransactionStatus.Ongoing => from is not (null or TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort),
        TransactionStatus.PrepareCommit => from == TransactionStatus.Ongoing,
        TransactionStatus.PrepareAbort => from is not (null or TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort),
        TransactionStatus.CompleteCommit => from == TransactionStatus.PrepareCommit,
        TransactionStatus.CompleteAbort => from == TransactionStatus.PrepareAbort,
        _ => false,
    };

    private static TransactionMetadata Init(TransactionMetadata? state) =>
        Next(TransactionRules.InitProducerId(state, "id", 1000, -1, -1, () => 1, 0));

    private static TransactionMetadata Next(TransactionStep step)
    {
        Assert.Equal(ErrorCode.None, step.Error);
        return step.Next!;
    }
}
