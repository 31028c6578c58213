using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Broker.Tests.BadLuck;

public sealed class FullDiskTests
{
    private static readonly TopicPartition Partition = new("t", 0);

    [Fact]
    public async Task Produce_is_refused_reads_go_on_and_with_room_all_goes_on_and_nothing_acknowledged_is_lost()
    {
        var disk = new CrashFileSystem();
        var environment = new BrokerEnvironment { Files = disk, FlushInBackground = false };
        var acknowledged = new List<string>();
        await using (var broker = await TestBroker.StartAsync(environment: environment, directory: "/data"))
        {
            await broker.CreateTopicAsync("t", configs: [("segment.bytes", "2000")]);
            for (var round = 0; round < 20; round++)
            {
                disk.Capacity = disk.UsedBytes + (round * 37);
                for (var i = 0; i < 4; i++)
                {
                    await ProduceAsync(broker, $"full-{round}-{i}", acknowledged, mayFail: true);
                }

                Assert.Equal(acknowledged, await ReadAllAsync(broker));
                disk.Capacity = long.MaxValue;
                await ProduceAsync(broker, $"room-{round}", acknowledged, mayFail: false);
            }
        }

        await using var again = await TestBroker.StartAsync(environment: environment, directory: "/data");
        Assert.Equal(acknowledged, await ReadAllAsync(again));
    }

    [Fact]
    public async Task The_log_says_once_that_a_partition_takes_nothing_and_once_that_it_does_again()
    {
        var (disk, log) = (new CrashFileSystem(), new LogLines());
        await using var broker = await TestBroker.StartAsync(
            environment: new BrokerEnvironment { Files = disk, FlushInBackground = false, Loggers = log }, directory: "/data");
        await broker.CreateTopicAsync("t");
        var acknowledged = new List<string>();
        disk.Capacity = disk.UsedBytes;
        for (var i = 0; i < 3; i++)
        {
            await ProduceAsync(broker, "full", acknowledged, mayFail: true);
        }

        Assert.Empty(acknowledged);
        Assert.Single(log.All, l => l.Contains("Appending to t-0 failed", StringComparison.Ordinal));
        disk.Capacity = long.MaxValue;
        await ProduceAsync(broker, "room", acknowledged, mayFail: false);
        await ProduceAsync(broker, "more", acknowledged, mayFail: false);
        Assert.Single(log.All, l => l.Contains("Appending to t-0 works again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clients_producer_waits_for_room_and_tells_what_is_wrong_when_its_time_is_over()
    {
        var disk = new CrashFileSystem();
        await using var broker = await TestBroker.StartAsync(
            environment: new BrokerEnvironment { Files = disk, FlushInBackground = false }, directory: "/data", listen: true);
        await broker.CreateTopicAsync("t");
        await using var cluster = RemoteCluster.Open(broker.Address);
        await using var patient = cluster.CreateProducer(ProducerOptions.Default);
        await using var hasty = cluster.CreateProducer(ProducerOptions.Default with { DeliveryTimeout = TimeSpan.FromMilliseconds(300) });
        await patient.SendAsync(Record("before"));
        await hasty.SendAsync(Record("before"));

        disk.Capacity = disk.UsedBytes;
        var waiting = patient.SendAsync(Record("waited")).AsTask();
        var error = await Assert.ThrowsAsync<BrokerException>(async () => await hasty.SendAsync(Record("lost")));
        Assert.Equal(ErrorCode.KafkaStorageError, error.ErrorCode);
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Contains("t-0", error.Message, StringComparison.Ordinal);

        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default with { AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Assign([Partition]);
        using (var batch = await consumer.PollAsync(TimeSpan.FromSeconds(20)))
        {
            Assert.Equal(0, batch!.BaseOffset);
        }

        disk.Capacity = long.MaxValue;
        Assert.Equal(2, (await waiting).Offset);
        await Assert.ThrowsAsync<BrokerException>(
            async () => await cluster.Admin.CreateTopicsAsync([new NewTopic("t", 1, 1)]));
    }

    [Fact]
    public async Task A_topic_that_finds_no_room_is_refused_and_can_be_created_later()
    {
        var disk = new CrashFileSystem();
        await using var broker = await TestBroker.StartAsync(
            environment: new BrokerEnvironment { Files = disk, FlushInBackground = false }, directory: "/data", listen: true);
        await using var cluster = RemoteCluster.Open(
            broker.Address, ClusterOptions.Default with { ApiTimeout = TimeSpan.FromMilliseconds(300) });
        disk.Capacity = disk.UsedBytes;
        var error = await Assert.ThrowsAsync<BrokerException>(
            async () => await cluster.Admin.CreateTopicsAsync([new NewTopic("t", 3, 1)]));
        Assert.Equal(ErrorCode.KafkaStorageError, error.ErrorCode);
        disk.Capacity = long.MaxValue;
        await cluster.Admin.CreateTopicsAsync([new NewTopic("t", 3, 1)]);
        var acknowledged = new List<string>();
        await ProduceAsync(broker, "a", acknowledged, mayFail: false);
        Assert.Equal(acknowledged, await ReadAllAsync(broker));
    }

    private static ProducerRecord Record(string value) => new("t", null, System.Text.Encoding.UTF8.GetBytes(value)) { Partition = 0 };

    private static async Task ProduceAsync(TestBroker broker, string value, List<string> acknowledged, bool mayFail)
    {
        var answer = await broker.ProduceAsync("t", 0, TestBroker.Batch(value));
        if (answer.ErrorCode == ErrorCode.None)
        {
            Assert.Equal(acknowledged.Count, answer.BaseOffset);
            acknowledged.Add(value);
            return;
        }

        Assert.True(mayFail, $"{value}: {answer.ErrorCode} {answer.ErrorMessage}");
        Assert.Equal(ErrorCode.KafkaStorageError, answer.ErrorCode);
        Assert.Contains("No space left", answer.ErrorMessage, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ReadAllAsync(TestBroker broker)
    {
        var values = new List<string>();
        for (var data = await broker.FetchAsync("t", 0, 0); ; data = await broker.FetchAsync("t", 0, values.Count))
        {
            Assert.Equal(ErrorCode.None, data.ErrorCode);
            var found = TestBroker.Values(data);
            if (found.Count == 0)
            {
                return values;
            }

            values.AddRange(found);
        }
    }
}
