using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Tests.Producing;

public sealed class PartitionQueueTests
{
    private readonly PartitionQueue _queue = new(new TopicPartition("t", 0));
    private readonly ProducerIdentity _identity = new(1, 0, 1);
    private readonly BatchPool _batches = new(ProducerOptions.Default, 256);

    [Fact]
    public void Batches_get_consecutive_sequences_and_keep_them_when_sent_again()
    {
        AcknowledgeOne();
        var first = Add(3);
        var second = Add(2);
        Assert.Same(first, Take());
        Assert.Same(second, Take());
        Assert.Equal(4, second.BaseSequence);

        _queue.Retry(second);
        Assert.True(_queue.IsBehindRetry(Add(1)));
        _queue.Retry(first);
        Assert.Same(first, Take());
        Assert.Equal(1, first.BaseSequence);
    }

    [Fact]
    public void The_first_batch_of_an_identity_goes_alone_until_it_is_written()
    {
        var first = Add(1);
        var second = Add(1);
        Assert.Same(first, Take());
        Assert.Null(Take());
        _queue.Retry(first);
        Assert.Same(first, Take());
        Assert.Null(Take());
        _queue.Acknowledge(first);
        Assert.Same(second, Take());
        Assert.NotNull(_queue.Take(true, 0, AddAnd(new ProducerIdentity(1, 0, 1))));
        Assert.Null(_queue.Take(true, 0, AddAnd(new ProducerIdentity(2, 0, 2))));
    }

    [Fact]
    public void Nothing_overtakes_a_batch_that_is_sent_again()
    {
        AcknowledgeOne();
        var first = Add(1);
        Add(1);
        Add(1);
        Take();
        var second = Take();
        _queue.Retry(first);
        Assert.Null(Take());
        _queue.Retry(second!);
        Assert.Same(first, Take());
        Assert.Null(Take());
    }

    [Fact]
    public void No_batch_goes_out_five_behind_one_that_is_not_answered()
    {
        AcknowledgeOne();
        var first = Add(1);
        for (var i = 0; i < 5; i++)
        {
            Add(1);
        }

        Take();
        for (var i = 0; i < 4; i++)
        {
            _queue.Done(Take()!);
        }

        Assert.Null(Take());
        _queue.Done(first);
        Assert.NotNull(Take());
    }

    [Fact]
    public void A_new_identity_begins_at_sequence_zero_again()
    {
        Add(5);
        var first = Take()!;
        _queue.Retry(first);
        var next = _queue.Take(true, 0, new ProducerIdentity(2, 0, 2));
        Assert.Same(first, next);
        Assert.Equal(0, first.BaseSequence);
        Assert.True(first.Bytes.IsEmpty);
    }

    [Fact]
    public void An_open_batch_is_taken_only_when_asked_for()
    {
        Begin(1);
        Assert.Null(_queue.Take(false, 0, _identity));
        Assert.NotNull(_queue.Take(true, 0, _identity));
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public void The_limit_that_a_refused_batch_sets_grows_back_while_batches_are_written()
    {
        _queue.LimitBatches(4000);
        WriteBatches(99);
        Assert.Equal(4000, _queue.LargestBatch);
        WriteBatches(1);
        Assert.Equal(8000, _queue.LargestBatch);
        WriteBatches(99);
        _queue.LimitBatches(5000);
        WriteBatches(99);
        Assert.Equal(5000, _queue.LargestBatch);
        WriteBatches(5000);
        Assert.Equal(int.MaxValue, _queue.LargestBatch);
    }

    private void WriteBatches(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add(1);
            var batch = Take()!;
            _queue.Acknowledge(batch);
            _batches.Return(batch);
        }
    }

    private ProducerBatch? Take() => _queue.Take(true, 0, _identity);

    private ProducerBatch Add(int records)
    {
        var batch = Begin(records);
        _queue.CloseOpen();
        return batch;
    }

    private ProducerBatch Begin(int records)
    {
        var batch = _batches.Rent().Begin(_queue, new FlushEpoch(), 0, 0);
        _queue.Begin(batch);
        for (var i = 0; i < records; i++)
        {
            batch.Append(0, false, default, false, default, Headers.Empty, null);
        }

        return batch;
    }

    private ProducerIdentity AddAnd(ProducerIdentity identity)
    {
        Add(1);
        return identity;
    }

    private void AcknowledgeOne()
    {
        Add(1);
        _queue.Acknowledge(Take()!);
    }
}
