using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Bench.Client;

/// <summary>The loads that clients put on a broker: as many records as go through, without waiting for each.</summary>
internal static class ClientLoad
{
    /// <summary>Appends records of one size to partition 0 and waits until all are written.</summary>
    public static async Task ProduceAsync(
        IProducer producer, string topic, int count, byte[] value, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            while (!producer.TryAppend(topic, 0, now, false, default, true, value, Headers.Empty))
            {
                await producer.WaitForSpaceAsync(cancellation);
            }
        }

        await producer.FlushAsync(cancellation);
    }

    /// <summary>Assigns all partitions of the topic, from their beginnings.</summary>
    public static async Task AssignAllAsync(IConsumer consumer, string topic, CancellationToken cancellation)
    {
        var described = await consumer.PartitionsForAsync(topic, cancellation);
        var partitions = described.Select(p => new TopicPartition(topic, p.Partition)).ToArray();
        consumer.Assign(partitions);
        consumer.SeekToBeginning(partitions);
    }

    /// <summary>Reads that many records.</summary>
    public static async Task ConsumeAsync(IConsumer consumer, int count, CancellationToken cancellation)
    {
        for (var read = 0; read < count;)
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromSeconds(1), cancellation);
            while (batch is not null && read < count && batch.TryRead(out _))
            {
                read++;
            }
        }
    }
}
