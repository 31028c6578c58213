using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Bench.Client;

/// <summary>The loads that clients put on a broker: records without waiting for each.</summary>
/// <param name="topic">Where to.</param>
/// <param name="count">How many records.</param>
/// <param name="partitions">Over how many partitions, one after another.</param>
/// <param name="clock">The clock.</param>
internal sealed class ClientLoad(string topic, int count, int partitions, TimeProvider clock)
{
    private const int RecordsBetweenWaits = 256;

    /// <summary>Appends records of one size and waits until all are written.</summary>
    /// <param name="producer">The producer.</param>
    /// <param name="value">The value of each.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="rate">Records a second; 0 for as many as go through.</param>
    public async Task ProduceAsync(IProducer producer, byte[] value, CancellationToken cancellation, int rate = 0)
    {
        var start = clock.GetTimestamp();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            if (rate > 0 && i % RecordsBetweenWaits == 0)
            {
                var ahead = TimeSpan.FromSeconds((double)i / rate) - clock.GetElapsedTime(start);
                if (ahead > TimeSpan.FromMilliseconds(1))
                {
                    await Task.Delay(ahead, clock, cancellation);
                }
            }

            while (!producer.TryAppend(topic, i % partitions, now, false, default, true, value, Headers.Empty))
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
        var all = described.Select(p => new TopicPartition(topic, p.Partition)).ToArray();
        consumer.Assign(all);
        consumer.SeekToBeginning(all);
    }

    /// <summary>Reads that many records, and those behind them in the same batch.</summary>
    /// <returns>How many were read.</returns>
    public static async Task<int> ConsumeAsync(IConsumer consumer, int count, CancellationToken cancellation)
    {
        var read = 0;
        while (read < count)
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromSeconds(1), cancellation);
            while (batch is not null && batch.TryRead(out _))
            {
                read++;
            }
        }

        return read;
    }
}
