using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Demo;

/// <summary>Follows the output topics of the topology and of the SQL query and keeps the last value of each key.</summary>
internal sealed class DemoResults : IAsyncDisposable
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer _consumer;
    private readonly string _lateTopic;

    private DemoResults(IConsumer consumer, string lateTopic) => (_consumer, _lateTopic) = (consumer, lateTopic);

    public Dictionary<(string Airport, long Hour), DelayStatistics> Hourly { get; } = [];

    /// <summary>Rows of the SQL table: airport to (city, flights, mean delay in minutes).</summary>
    public Dictionary<string, (string City, long Flights, double MeanDelay)> LateAirports { get; } = new(StringComparer.Ordinal);

    public static async Task<DemoResults> FollowAsync(ICluster cluster, string lateTopic, CancellationToken cancellation)
    {
        var consumer = cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        var partitions = new List<TopicPartition>();
        foreach (var topic in new[] { DemoTopology.HourlyTopic, lateTopic })
        {
            partitions.AddRange((await consumer.PartitionsForAsync(
                topic, cancellation)).Select(p => new TopicPartition(topic, p.Partition)));
        }

        consumer.Assign(partitions);
        consumer.SeekToBeginning(partitions);
        return new DemoResults(consumer, lateTopic);
    }

    /// <summary>Takes in what has come since, if anything.</summary>
    public async Task PollAsync(CancellationToken cancellation)
    {
        using var batch = await _consumer.PollAsync(PollTimeout, cancellation);
        while (batch is not null && batch.TryRead(out var record))
        {
            if (batch.Partition.Topic == _lateTopic)
            {
                AddLate(record);
            }
            else
            {
                AddHourly(record);
            }
        }
    }

    public ValueTask DisposeAsync() => _consumer.DisposeAsync();

    // A windowed key is the key and the window's start.
    private void AddHourly(in RecordView record)
    {
        var airport = Encoding.UTF8.GetString(record.Key[..^sizeof(long)]);
        var hour = BinaryPrimitives.ReadInt64BigEndian(record.Key[^sizeof(long)..]);
        Hourly[(airport, hour)] = JsonSerializer.Deserialize(record.Value, DemoJson.Default.DelayStatistics)!;
    }

    private void AddLate(in RecordView record)
    {
        using var row = JsonDocument.Parse(record.Value.ToArray());
        LateAirports[Encoding.UTF8.GetString(record.Key)] = (
            row.RootElement.GetProperty("CITY").GetString() ?? "",
            row.RootElement.GetProperty("FLIGHTS").GetInt64(),
            row.RootElement.GetProperty("MEAN_DELAY").GetDouble());
    }
}
