using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Scripted;

public sealed class ProducerScriptTests
{
    private const string Topic = "t";

    [Fact]
    public async Task Follows_the_leader_when_it_moves()
    {
        var brokers = WithIdentity(new ScriptedCluster());
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, call) =>
        {
            brokers.Leader = 2;
            return Produced(request, call.Broker == 2 ? ErrorCode.None : ErrorCode.NotLeaderOrFollower, 5);
        });
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        var written = await producer.SendAsync(Record("a"));
        Assert.Equal(5, written.Offset);
        Assert.Equal([1, 2], brokers.Calls.Where(c => c.Request is ProduceRequest).Select(c => c.Broker));
    }

    [Fact]
    public async Task Sends_the_same_sequence_again_when_the_connection_is_cut()
    {
        var brokers = WithIdentity(new ScriptedCluster());
        var cuts = 0;
        var sequences = new List<int>();
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, _) =>
        {
            sequences.Add(SequenceOf(request));
            return cuts++ % 2 == 0 ? throw ScriptedCluster.Cut() : Produced(request, ErrorCode.None, 0);
        });
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await producer.SendAsync(Record("a"));
        await producer.SendAsync(Record("b"));
        Assert.Equal([0, 0, 1, 1], sequences);
    }

    [Fact]
    public async Task Begins_anew_with_another_id_when_the_broker_reports_a_gap()
    {
        var brokers = WithIdentity(new ScriptedCluster());
        var isFirst = true;
        var sequences = new List<int>();
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, _) =>
        {
            sequences.Add(SequenceOf(request));
            var error = sequences.Count == 2 && isFirst ? ErrorCode.OutOfOrderSequenceNumber : ErrorCode.None;
            isFirst = error == ErrorCode.None && isFirst;
            return Produced(request, error, 0);
        });
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await producer.SendAsync(Record("a"));
        await producer.SendAsync(Record("b"));
        Assert.Equal([0, 1, 0], sequences);
        Assert.Equal(2, brokers.Count(ApiKey.InitProducerId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sends_that_wait_for_metadata_are_part_of_the_flush_and_of_closing(bool flush)
    {
        var brokers = WithIdentity(new ScriptedCluster());
        var written = 0;
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, _) =>
        {
            written++;
            return Produced(request, ErrorCode.None, 0);
        });
        await using var cluster = brokers.Open();
        var producer = cluster.CreateProducer(ProducerOptions.Default);
        var send = producer.SendAsync(Record("a")).AsTask();
        await (flush ? producer.FlushAsync() : producer.DisposeAsync().AsTask());
        Assert.Equal(1, written);
        await send;
        await producer.DisposeAsync();
    }

    [Fact]
    public async Task A_failure_that_no_retry_cures_reaches_the_sender_and_the_flush()
    {
        var brokers = WithIdentity(new ScriptedCluster());
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, _) => Produced(request, ErrorCode.TopicAuthorizationFailed, -1));
        await using var cluster = brokers.Open();
        var reports = new List<DeliveryReport>();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { OnDelivery = reports.Add });
        var sent = await Assert.ThrowsAsync<BrokerException>(async () => await producer.SendAsync(Record("a")));
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, sent.ErrorCode);

        Assert.True(producer.TryAppend(Topic, 0, 0, false, default, true, "b"u8, Headers.Empty));
        await Assert.ThrowsAsync<BrokerException>(() => producer.FlushAsync());
        await producer.FlushAsync();
        Assert.Equal(2, reports.Count);
    }

    [Fact]
    public async Task Version_1_adds_partitions_before_it_produces_and_version_2_does_not()
    {
        foreach (var version in new short[] { 1, 2 })
        {
            var brokers = WithIdentity(new ScriptedCluster { TransactionVersion = version });
            brokers.On<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(ApiKey.AddPartitionsToTxn, (_, _) => new());
            brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, _) => Produced(request, ErrorCode.None, 0));
            brokers.On<EndTxnRequest, EndTxnResponse>(ApiKey.EndTxn, (request, _) => new() { ProducerId = 7, ProducerEpoch = (short)(request.ProducerEpoch + 1) });
            await using var cluster = brokers.Open();
            await using var producer = cluster.CreateProducer(ProducerOptions.Default with { TransactionalId = "tx" });
            await producer.InitTransactionsAsync();
            producer.BeginTransaction();
            await producer.SendAsync(Record("a"));
            await producer.CommitTransactionAsync();

            Assert.Equal(
                version == 1
                    ? [ApiKey.InitProducerId, ApiKey.AddPartitionsToTxn, ApiKey.Produce, ApiKey.EndTxn]
                    : [ApiKey.InitProducerId, ApiKey.Produce, ApiKey.EndTxn],
                brokers.Calls.Select(c => c.Request.ApiKey));
            Assert.Equal(version == 1 ? 11 : 12, brokers.Calls.Single(c => c.Request is ProduceRequest).Version);
        }
    }

    [Fact]
    public async Task A_fenced_producer_says_so_from_then_on()
    {
        var brokers = WithIdentity(new ScriptedCluster { TransactionVersion = 2 });
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, _) => Produced(request, ErrorCode.None, 0));
        brokers.On<EndTxnRequest, EndTxnResponse>(ApiKey.EndTxn, (_, _) => new() { ErrorCode = ErrorCode.ProducerFenced });
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { TransactionalId = "tx" });
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.SendAsync(Record("a"));
        await Assert.ThrowsAsync<ProducerFencedException>(() => producer.CommitTransactionAsync());
        Assert.Throws<ProducerFencedException>(producer.BeginTransaction);
        await Assert.ThrowsAsync<ProducerFencedException>(async () => await producer.SendAsync(Record("b")));
    }

    [Fact]
    public async Task Full_buffers_refuse_records_until_the_broker_answers()
    {
        var brokers = WithIdentity(new ScriptedCluster());
        var mayAnswer = false;
        brokers.On<ProduceRequest, ProduceResponse>(
            ApiKey.Produce, (request, _) => Volatile.Read(ref mayAnswer) ? Produced(request, ErrorCode.None, 0) : throw ScriptedCluster.Cut());
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with { BatchSize = 1000, BufferMemory = 4000 });
        var appended = 0;
        while (producer.TryAppend(Topic, 0, 0, false, default, true, new byte[100], Headers.Empty))
        {
            appended++;
        }

        Assert.InRange(appended, 1, 40);
        var space = producer.WaitForSpaceAsync();
        Assert.False(space.IsCompleted);
        Volatile.Write(ref mayAnswer, true);
        await space;
        await producer.FlushAsync();
        Assert.True(producer.TryAppend(Topic, 0, 0, false, default, true, new byte[100], Headers.Empty));
    }

    [Theory]
    [InlineData(CompressionType.None, true)]
    [InlineData(CompressionType.Gzip, true)]
    [InlineData(CompressionType.None, false)]
    public async Task A_batch_that_is_too_large_is_sent_in_parts_in_the_old_order(CompressionType compression, bool isIdempotent)
    {
        const int most = 3;
        var brokers = WithIdentity(new ScriptedCluster());
        var log = new List<(int Sequence, int Count)>();
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, _) =>
        {
            Assert.True(RecordBatchView.TryRead(request.TopicData[0].PartitionData[0].Records!.Value.Span, out var batch));
            if (batch.RecordCount > most)
            {
                return Produced(request, ErrorCode.MessageTooLarge, -1);
            }

            var offset = log.Sum(b => b.Count);
            log.Add((batch.BaseSequence, batch.RecordCount));
            return Produced(request, ErrorCode.None, offset);
        });
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default with
        {
            Linger = TimeSpan.FromMinutes(1), Compression = compression, EnableIdempotence = isIdempotent,
        });
        await producer.PartitionsForAsync(Topic);
        var sends = Enumerable.Range(0, 20).Select(i => producer.SendAsync(Record($"{i}")).AsTask()).ToList();
        Assert.True(producer.TryAppend(Topic, 0, 0, false, default, true, "unawaited"u8, Headers.Empty));
        await producer.FlushAsync();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), (await Task.WhenAll(sends)).Select(m => m.Offset));
        Assert.Equal(21, log.Sum(b => b.Count));
        var next = 0;
        Assert.All(log, batch =>
        {
            Assert.Equal(isIdempotent ? next : RecordBatch.NoSequence, batch.Sequence);
            next += batch.Count;
        });
    }

    [Fact]
    public async Task A_single_record_that_is_too_large_fails()
    {
        var brokers = WithIdentity(new ScriptedCluster());
        brokers.On<ProduceRequest, ProduceResponse>(ApiKey.Produce, (request, _) => Produced(request, ErrorCode.MessageTooLarge, -1));
        await using var cluster = brokers.Open();
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        var error = await Assert.ThrowsAsync<BrokerException>(async () => await producer.SendAsync(Record("a")));
        Assert.Equal(ErrorCode.MessageTooLarge, error.ErrorCode);
    }

    private static ScriptedCluster WithIdentity(ScriptedCluster brokers)
    {
        var ids = 0;
        return brokers.On<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId, (_, _) => new() { ProducerId = ++ids, ProducerEpoch = 0 });
    }

    private static ProducerRecord Record(string value) => new(Topic, null, System.Text.Encoding.UTF8.GetBytes(value));

    private static int SequenceOf(ProduceRequest request) =>
        RecordBatchView.TryRead(request.TopicData[0].PartitionData[0].Records!.Value.Span, out var batch) ? batch.BaseSequence : -2;

    private static ProduceResponse Produced(ProduceRequest request, ErrorCode error, long offset) => new()
    {
        Responses =
        [
            .. request.TopicData.Select(t => new ProduceResponse.TopicProduceResponse
            {
                Name = t.Name,
                PartitionResponses =
                    [.. t.PartitionData.Select(p => new ProduceResponse.PartitionProduceResponse { Index = p.Index, ErrorCode = error, BaseOffset = offset })],
            }),
        ],
    };
}
