using System.Collections.Immutable;
using System.Text;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests;

/// <summary>A broker over a temporary directory, without rebalance delay, and short ways to talk to it in process.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly bool _ownsDirectory;

    private TestBroker(BrokerServer server, string directory, bool ownsDirectory)
    {
        Server = server;
        Directory = directory;
        _ownsDirectory = ownsDirectory;
    }

    public BrokerServer Server { get; }

    public string Directory { get; }

    /// <summary>host:port of the first listener.</summary>
    public string Address => Server.EndPoints[0].ToString();

    public static async Task<TestBroker> StartAsync(
        Func<BrokerOptions, BrokerOptions>? configure = null,
        BrokerEnvironment? environment = null,
        string? directory = null,
        bool listen = false)
    {
        var path = directory ?? Path.Combine(Path.GetTempPath(), $"broker-{Guid.NewGuid():N}");
        var options = new BrokerOptions
        {
            DataDirectory = path,
            GroupInitialRebalanceDelayMs = 0,
            GroupConsumerAssignmentIntervalMs = 0,
            GroupStreamsAssignmentIntervalMs = 0,
            GroupStreamsInitialRebalanceDelayMs = 0,
            GroupShareAssignmentIntervalMs = 0,
            ShareStateTopicNumPartitions = 2,
            OffsetsTopicNumPartitions = 2,
            TransactionTopicNumPartitions = 2,
            Listeners = listen ? ["127.0.0.1:0"] : ImmutableArray<string>.Empty,
        };
        var server = await BrokerServer.StartAsync(configure?.Invoke(options) ?? options, environment);
        return new TestBroker(server, path, directory is null);
    }

    public async Task<TResponse> SendAsync<TResponse>(
        IRequest<TResponse> request, short? version = null, CancellationToken disconnected = default)
        where TResponse : class, IResponse
    {
        var offered = Server.Apis.First(a => a.Key == request.ApiKey).HighestOffered;
        var context = new RequestContext(version ?? offered, "test", "/127.0.0.1", disconnected);
        return (TResponse)(await Server.HandleAsync(context, request))!;
    }

    public async Task<Guid> CreateTopicAsync(string name, int partitions = 1, params (string Name, string Value)[] configs)
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = partitions, ReplicationFactor = -1 };
        topic.Configs.AddRange(configs.Select(c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Name, Value = c.Value }));
        var response = await SendAsync(new CreateTopicsRequest { Topics = [topic] });
        Assert.True(response.Topics[0].ErrorCode == Core.Errors.ErrorCode.None, response.Topics[0].ErrorMessage);
        return response.Topics[0].TopicId;
    }

    public static byte[] Batch(RecordBatchOptions options, params string?[] values)
    {
        // Records of today: retention would delete older ones while the test runs.
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(
                now, true, "k"u8, value is not null, value is null ? default : Encoding.UTF8.GetBytes(value), Headers.Empty);
        }

        return builder.Finish(options).ToArray();
    }

    /// <summary>One record.</summary>
    public static byte[] KeyedBatch(string key, string? value)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), true, Encoding.UTF8.GetBytes(key), value is not null,
            Encoding.UTF8.GetBytes(value ?? ""), Headers.Empty);
        return builder.Finish(new RecordBatchOptions()).ToArray();
    }

    public static byte[] Batch(params string?[] values) => Batch(new RecordBatchOptions(), values);

    public async Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(
        string topic, int partition, byte[] batch, short acks = -1, string? transactionalId = null)
    {
        var response = await SendAsync(
            new ProduceRequest
            {
                Acks = acks,
                TimeoutMs = 1000,
                TransactionalId = transactionalId,
                TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = batch }] }],
            },
            11);
        return response.Responses[0].PartitionResponses[0];
    }

    public async Task<FetchResponse.PartitionData> FetchAsync(
        string topic, int partition, long offset, int maxWaitMs = 0, int minBytes = 1, bool committed = false, int maxBytes = 1 << 20)
    {
        var response = await SendAsync(
            new FetchRequest
            {
                MaxWaitMs = maxWaitMs,
                MinBytes = minBytes,
                MaxBytes = maxBytes,
                IsolationLevel = committed ? (sbyte)1 : (sbyte)0,
                Topics =
                [
                    new() { Topic = topic, Partitions = [new() { Partition = partition, FetchOffset = offset,
                        PartitionMaxBytes = maxBytes }] },
                ],
            },
            12);
        return response.Responses[0].Partitions[0];
    }

    /// <summary>All records, as text, and the offset behind the last batch; null when there is none.</summary>
    public static List<(long Offset, string Key, string? Value)> Records(FetchResponse.PartitionData data, out long? end)
    {
        var records = new List<(long, string, string?)>();
        end = null;
        var bytes = data.Records!.Value.Span;
        while (RecordBatchView.TryRead(bytes, out var batch))
        {
            var cursor = new RecordCursor(batch);
            while (cursor.TryRead(batch.RecordBytes, out var record))
            {
                records.Add((
                    record.Offset, Encoding.UTF8.GetString(record.Key), record.HasValue ? Encoding.UTF8.GetString(record.Value) : null));
            }

            end = batch.LastOffset + 1;
            bytes = bytes[batch.SizeInBytes..];
        }

        return records;
    }

    /// <summary>The values of all data records, as text.</summary>
    public static List<string> Values(FetchResponse.PartitionData data)
    {
        var values = new List<string>();
        var bytes = data.Records!.Value.Span;
        while (RecordBatchView.TryRead(bytes, out var batch))
        {
            var cursor = new RecordCursor(batch);
            while (!batch.IsControl && cursor.TryRead(batch.RecordBytes, out var record))
            {
                values.Add(Encoding.UTF8.GetString(record.Value));
            }

            bytes = bytes[batch.SizeInBytes..];
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_ownsDirectory && System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
