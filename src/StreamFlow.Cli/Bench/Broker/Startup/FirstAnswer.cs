using StreamFlow.Cli.Bench.Broker;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Cli.Bench.Broker.Startup;

/// <summary>Asks a broker that is starting until it answers.</summary>
/// <param name="port">Where it is going to listen.</param>
/// <param name="topic">A topic that it knows then, of which partition 0 is asked for; null for none.</param>
internal sealed class FirstAnswer(int port, string? topic)
{
    private const short MetadataVersion = 12;
    private const short ListOffsetsVersion = 7;
    private const long LatestOffset = -1;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>When the first request was answered.</summary>
    public async Task<DateTimeOffset> WaitAsync(CancellationToken cancellation)
    {
        await using var transport = new TcpTransport("bench", Timeout, TimeProvider.System);
        while (true)
        {
            try
            {
                await using var connection = await transport.ConnectAsync(FreePorts.Host, port, cancellation);
                while (!await IsAnsweredAsync(connection, cancellation))
                {
                    await Task.Delay(Between, TimeProvider.System, cancellation);
                }

                return TimeProvider.System.GetUtcNow();
            }
            catch (BrokerException e) when (e.IsRetriable)
            {
                await Task.Delay(Between, TimeProvider.System, cancellation);
            }
        }
    }

    private async Task<bool> IsAnsweredAsync(IBrokerConnection connection, CancellationToken cancellation)
    {
        var ask = new MetadataRequest
        {
            AllowAutoTopicCreation = false,
            Topics = topic is null ? [] : [new MetadataRequest.MetadataRequestTopic { Name = topic }],
        };
        var metadata = (await connection.SendAsync(ask, MetadataVersion, Timeout, cancellation)).Message;
        if (metadata.Brokers.Count == 0 || topic is null)
        {
            return metadata.Brokers.Count > 0;
        }

        var partitions = metadata.Topics[0].Partitions;
        return partitions.Count > 0 && partitions.All(p => p.ErrorCode == ErrorCode.None) && await HasOffsetAsync(connection, cancellation);
    }

    private async Task<bool> HasOffsetAsync(IBrokerConnection connection, CancellationToken cancellation)
    {
        var ask = new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics =
            [
                new ListOffsetsRequest.ListOffsetsTopic
                {
                    Name = topic!,
                    Partitions = [new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = 0, Timestamp = LatestOffset }],
                },
            ],
        };
        var answer = (await connection.SendAsync(ask, ListOffsetsVersion, Timeout, cancellation)).Message;
        return answer.Topics[0].Partitions[0].ErrorCode == ErrorCode.None;
    }
}
