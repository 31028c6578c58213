using StreamFlow.Broker.Sharing;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Tests.Sharing;

public sealed class SharePartitionTests
{
    private static readonly ShareLimits Limits = new() { LockDurationMs = 100, DeliveryCountLimit = 5, MaxRecordLocks = 20 };

    [Fact]
    public void Accepted_records_move_the_start_once_all_before_them_are_done_with()
    {
        var share = new SharePartition(0, []);
        Assert.Equal("0-9#1", Acquire(share, "a", [new(0, 9)]));

        Assert.Equal("", Say(share, "a", AcknowledgeType.Accept, 5, 9));
        Assert.Equal((0, 10, 5), (share.StartOffset, share.EndOffset, share.DoneCount));

        Assert.Equal("", Say(share, "a", AcknowledgeType.Accept, 0, 4));
        Assert.Equal((10, 10, 0), (share.StartOffset, share.EndOffset, share.DoneCount));
        Assert.Empty(share.Window);
    }

    [Fact]
    public void Nobody_gets_what_another_member_has()
    {
        var share = new SharePartition(0, []);
        Assert.Equal("0-4#1", Acquire(share, "a", [new(0, 4), new(5, 9)], max: 5));
        Assert.Equal("5-9#1", Acquire(share, "b", [new(0, 4), new(5, 9)]));
        Assert.Equal("", Acquire(share, "b", [new(0, 4), new(5, 9)]));
        Assert.Equal("InvalidRecordState", Say(share, "b", AcknowledgeType.Accept, 0, 4));
        Assert.Equal("InvalidRecordState", Say(share, "a", AcknowledgeType.Accept, 0, 9));
        Assert.Equal("InvalidRequest", Say(share, "a", AcknowledgeType.Accept, 0, 10));
        Assert.Equal("0-4 Acquired#1 a, 5-9 Acquired#1 b", Text(share));
    }

    [Fact]
    public void Released_records_are_delivered_again_and_counted()
    {
        var share = new SharePartition(0, []);
        Acquire(share, "a", [new(0, 9)]);
        Say(share, "a", AcknowledgeType.Release, 3, 4);
        Assert.Equal(3, share.NextOffset);
        Assert.Equal("3-4#2", Acquire(share, "b", [new(0, 9)]));
        Assert.Equal(10, share.NextOffset);
    }

    [Fact]
    public void Records_go_back_when_the_lock_runs_out_unless_it_was_renewed()
    {
        var share = new SharePartition(0, []);
        Acquire(share, "a", [new(0, 9)], now: 0);
        Assert.Equal(100, share.NextDeadline);
        Assert.Equal("", Say(share, "a", AcknowledgeType.Renew, 0, 4, now: 60));
        Assert.False(Expire(share, 99));
        Assert.True(Expire(share, 100));
        Assert.Equal("0-4 Acquired#1 a, 5-9 Available#1 -", Text(share));
        Assert.Equal(160, share.NextDeadline);
    }

    [Fact]
    public void A_lock_cannot_be_renewed_when_the_group_does_not_allow_it()
    {
        var share = new SharePartition(0, []);
        Acquire(share, "a", [new(0, 9)]);
        var error = share.Acknowledge("a", [new(0, 9, [(sbyte)AcknowledgeType.Renew])], Limits with { AllowsRenewal = false }, 0);
        Assert.Equal(ErrorCode.InvalidRecordState, error);
    }

    [Fact]
    public void What_was_delivered_too_often_is_archived()
    {
        var share = new SharePartition(0, []);
        for (var delivery = 1; delivery <= 5; delivery++)
        {
            Assert.Equal($"0-0#{delivery}", Acquire(share, "a", [new(0, 0)]));
            Say(share, "a", AcknowledgeType.Release, 0, 0);
        }

        Assert.Equal((1, 1), (share.StartOffset, share.EndOffset));
        Assert.Equal("", Acquire(share, "a", [new(0, 0)]));
    }

    [Fact]
    public void What_keeps_failing_goes_in_smaller_pieces_and_in_the_end_alone()
    {
        var share = new SharePartition(0, []);
        List<string> got = [];
        for (var round = 0; round < 3; round++)
        {
            got.Add(Acquire(share, "a", [new(0, 7)]));
            share.Release("a", Limits);
            share.Stored();
        }

        got.Add(Acquire(share, "a", [new(0, 7)]));
        share.Release("a", Limits);
        share.Stored();
        got.Add(Acquire(share, "a", [new(0, 7)]));
        Assert.Equal(["0-7#1", "0-7#2", "0-7#3", "0-3#4", "0-0#5"], got);
    }

    [Fact]
    public void Each_record_of_a_batch_can_have_its_own_fate()
    {
        var share = new SharePartition(0, []);
        Acquire(share, "a", [new(0, 4)]);
        Assert.Equal(ErrorCode.None, share.Acknowledge("a", [new(0, 4, [1, 2, 3, 0, 1])], Limits, 0));
        Assert.Equal("0-0=Acknowledged#1 1-1=Available#1 2-2=Archived#1 3-3=Archived#1 4-4=Acknowledged#1", Changes(share));
        share.Stored();
        Assert.Equal((1, 3), (share.StartOffset, share.DoneCount));
    }

    [Fact]
    public void Nothing_has_changed_when_the_step_could_not_be_stored()
    {
        var share = new SharePartition(0, []);
        Acquire(share, "a", [new(0, 9)]);
        var before = Text(share);
        share.Acknowledge("a", [new(0, 3, [1]), new(5, 9, [2])], Limits, 0);
        share.NotStored();
        Assert.Equal(before, Text(share));
        Assert.Equal((0, 10, 0, 10), (share.StartOffset, share.EndOffset, share.DoneCount, share.NextOffset));

        share.Acquire("b", [new(10, 14)], new AcquireOrder(100), Limits, 0);
        share.NotStored();
        Assert.Equal(before, Text(share));
        Assert.Equal(10, share.EndOffset);
    }

    [Fact]
    public void Markers_aborted_batches_and_holes_are_passed_over()
    {
        var share = new SharePartition(0, []);
        var acquired = share.Acquire("a", [new(2, 3), new(4, 4, true), new(5, 9, true), new(10, 11)], new AcquireOrder(100), Limits, 0);
        Assert.Equal("2-3#1 10-11#1", string.Join(' ', acquired.Select(Text)));
        Assert.Equal("0-1=Archived#0 4-4=Archived#0 5-9=Archived#0", Changes(share));
        share.Stored();
        Assert.Equal(2, share.StartOffset);
    }

    [Fact]
    public void No_more_records_are_under_way_than_the_group_allows()
    {
        var share = new SharePartition(0, []);
        Assert.Equal("0-24#1", Acquire(share, "a", [new(0, 24)]));
        Assert.False(share.CanAcquire(Limits));
        Assert.Equal("", Acquire(share, "b", [new(25, 29)]));
        Say(share, "a", AcknowledgeType.Accept, 10, 24);
        Assert.Equal("25-29#1", Acquire(share, "b", [new(25, 29)]));
        Say(share, "a", AcknowledgeType.Release, 0, 0);
        Assert.True(share.CanAcquire(Limits));
    }

    [Fact]
    public void Batches_are_cut_only_when_the_member_wants_its_number_exactly()
    {
        var share = new SharePartition(0, []);
        Assert.Equal("0-9#1", Acquire(share, "a", [new(0, 9), new(10, 19)], max: 3));
        var exact = share.Acquire("a", [new(10, 19)], new AcquireOrder(3, IsExact: true), Limits, 0);
        share.Stored();
        Assert.Equal("10-12#1", string.Join(' ', exact.Select(Text)));
        Assert.Equal(13, share.NextOffset);
        Assert.Equal("13-19#1", Acquire(share, "b", [new(10, 19)]));
    }

    [Fact]
    public void Stretches_end_at_the_batch_that_makes_them_long_enough()
    {
        var share = new SharePartition(0, []);
        FetchedBatch[] batches = [new(0, 2), new(3, 5), new(6, 8), new(9, 11)];
        Assert.Equal("0-5#1 6-11#1", string.Join(' ', share.Acquire("a", batches, new AcquireOrder(100, 4), Limits, 0).Select(Text)));
    }

    [Fact]
    public void The_start_follows_the_log_and_late_words_are_passed_over()
    {
        var share = new SharePartition(0, []);
        Acquire(share, "a", [new(0, 9)]);
        share.MoveStart(5);
        share.Stored();
        Assert.Equal("5-9 Acquired#1 a", Text(share));
        Assert.Equal("", Say(share, "a", AcknowledgeType.Accept, 0, 9));
        Assert.Equal(10, share.StartOffset);
        share.MoveStart(50);
        share.Stored();
        Assert.Equal((50, 50), (share.StartOffset, share.EndOffset));
    }

    [Fact]
    public void What_was_acquired_at_a_restart_is_available_as_before_it()
    {
        var share = new SharePartition(
            2,
            [
                new(2, 3, new(RecordState.Acknowledged, 1)), new(6, 7, new(RecordState.Available, 2)),
                new(9, 9, new(RecordState.Archived, 5)),
            ]);
        Assert.Equal("4-5 Available#0 -, 6-7 Available#2 -, 8-8 Available#0 -, 9-9 Archived#5 -", Text(share));
        Assert.Equal((4, 10, 4, 1), (share.StartOffset, share.EndOffset, share.NextOffset, share.DoneCount));
    }

    private static string Acquire(SharePartition share, string member, FetchedBatch[] batches, int max = 100, long now = 0)
    {
        var acquired = share.Acquire(member, batches, new AcquireOrder(max), Limits, now);
        share.Stored();
        return string.Join(' ', acquired.Select(Text));
    }

    private static string Say(SharePartition share, string member, AcknowledgeType type, long first, long last, long now = 0)
    {
        var error = share.Acknowledge(member, [new(first, last, [(sbyte)type])], Limits, now);
        share.Stored();
        return error == ErrorCode.None ? "" : $"{error}";
    }

    private static bool Expire(SharePartition share, long now)
    {
        var any = share.Expire(Limits, now);
        share.Stored();
        return any;
    }

    private static string Text(AcquiredRange range) => $"{range.First}-{range.Last}#{range.DeliveryCount}";

    private static string Changes(SharePartition share) =>
        string.Join(' ', share.Changes.Select(c => $"{c.First}-{c.Last}={c.Value.State}#{c.Value.Count}"));

    private static string Text(SharePartition share) => string.Join(
        ", ", share.Window.Select(r => $"{r.First}-{r.Last} {r.Value.State}#{r.Value.Count} {r.Value.MemberId ?? "-"}"));
}
