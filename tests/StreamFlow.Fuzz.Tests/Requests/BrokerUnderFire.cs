using System.Collections.Immutable;
using StreamFlow.Broker;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Fuzz.Tests.Requests;

/// <summary>A broker in memory that frames are thrown at, as its connections would hand them over.</summary>
internal sealed class BrokerUnderFire : IAsyncDisposable
{
    private const int MostParked = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly BrokerServer _server;
    private readonly RequestWords _words;
    private readonly Queue<Parked> _parked = new();
    private readonly FrameBuffer _encoded = new();
    private long _bystanderRecords;

    private BrokerUnderFire(BrokerServer server, RequestWords words) => (_server, _words) = (server, words);

    public IReadOnlyList<ApiVersionRange> Apis => _server.Apis;

    public static async Task<BrokerUnderFire> StartAsync(RequestWords words)
    {
        var server = await BrokerServer.StartAsync(new BrokerOptions
        {
            DataDirectory = BrokerOptions.Memory,
            OffsetsTopicNumPartitions = 2,
            TransactionTopicNumPartitions = 2,
            GroupInitialRebalanceDelayMs = 0,
            Listeners = ImmutableArray<string>.Empty,
        });
        var broker = new BrokerUnderFire(server, words);
        var create = new CreateTopicsRequest();
        create.Topics.AddRange([.. RequestWords.Topics.Append(RequestWords.Bystander).Select(t => new CreateTopicsRequest.CreatableTopic
        {
            Name = t,
            NumPartitions = 2,
            ReplicationFactor = 1,
            Configs = { new() { Name = "cleanup.policy", Value = t == "compacted" ? "compact" : "delete" } },
        })]);
        var created = (CreateTopicsResponse)(await broker.AskAsync(create, 7))!;
        created.Topics.Where(t => t.Name != RequestWords.Bystander).ToList().ForEach(t => words.AddTopicId(t.TopicId));
        return broker;
    }

    /// <summary>Handles a frame as a connection does.</summary>
    /// <returns>False when the connection would be closed.</returns>
    public async Task<bool> TryHandleAsync(byte[] frame)
    {
        RequestHeader header;
        IRequest request;
        try
        {
            (header, request) = Read(frame);
        }
        catch (ProtocolException)
        {
            return false;
        }

        var aborted = new CancellationTokenSource();
        var parked = new Parked(header, new RequestContext(header.RequestApiVersion, header.ClientId ?? "", "/127.0.0.1", aborted.Token), aborted);
        parked.Answer = _server.HandleAsync(parked.Context, request).AsTask();
        if (parked.Answer.IsCompleted)
        {
            await FinishAsync(parked);
            return true;
        }

        _parked.Enqueue(parked);
        while (_parked.Count > MostParked)
        {
            await LetGoAsync(_parked.Dequeue());
        }

        return true;
    }

    /// <summary>Somebody else's records go in and come out as ever.</summary>
    public async Task CheckBystanderAsync()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), true, "k"u8, true, "bystander"u8, Headers.Empty);
        var produced = (ProduceResponse)(await AskAsync(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 60_000,
                TopicData =
                [
                    new()
                    {
                        Name = RequestWords.Bystander,
                        PartitionData = [new() { Index = 0, Records = builder.Finish(new RecordBatchOptions()).ToArray() }],
                    },
                ],
            },
            11))!;
        var partition = produced.Responses[0].PartitionResponses[0];
        Assert.Equal((ErrorCode.None, _bystanderRecords), (partition.ErrorCode, partition.BaseOffset));
        var fetched = (FetchResponse)(await AskAsync(
            new FetchRequest
            {
                MaxBytes = 1 << 20,
                Topics =
                [
                    new()
                    {
                        Topic = RequestWords.Bystander,
                        Partitions = [new() { Partition = 0, FetchOffset = _bystanderRecords, PartitionMaxBytes = 1 << 20 }],
                    },
                ],
            },
            12))!;
        Assert.Equal(_bystanderRecords++, ValuesAt(fetched.Responses[0].Partitions[0].Records!.Value.Span));
    }

    public async ValueTask DisposeAsync()
    {
        while (_parked.TryDequeue(out var parked))
        {
            await LetGoAsync(parked);
        }

        _encoded.Dispose();
        await _server.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    /// <summary>Reads a frame as a connection does.</summary>
    /// <exception cref="ProtocolException">It is no request that the broker serves.</exception>
    public (RequestHeader Header, IRequest Request) Read(byte[] frame)
    {
        var reader = new ProtocolReader(frame, "request");
        var header = MessageFrame.ReadRequestHeader(ref reader);
        var key = (ApiKey)header.RequestApiKey;
        return Serves(key, header.RequestApiVersion)
            ? (header, MessageRegistry.ReadRequest(ref reader, key, header.RequestApiVersion))
            : throw new ProtocolException($"{key} {header.RequestApiVersion} is not served");
    }

    private bool Serves(ApiKey key, short version)
    {
        foreach (var api in _server.Apis)
        {
            if (api.Key == key)
            {
                return version >= api.Lowest && version <= api.HighestOffered;
            }
        }

        return false;
    }

    private static long ValuesAt(ReadOnlySpan<byte> records)
    {
        Assert.True(RecordBatchView.TryRead(records, out var batch));
        var cursor = new RecordCursor(batch);
        Assert.True(cursor.TryRead(batch.RecordBytes, out var record) && record.Value.SequenceEqual("bystander"u8));
        return record.Offset;
    }

    private async Task<IResponse?> AskAsync(IRequest request, short version)
    {
        using var context = new RequestContext(version, "bystander", "/127.0.0.1");
        return await _server.HandleAsync(context, request).AsTask().WaitAsync(Patience);
    }

    /// <summary>A request that waits is let go when its connection ends, and must not wait on.</summary>
    private async Task LetGoAsync(Parked parked)
    {
        await parked.Aborted.CancelAsync();
        try
        {
            await parked.Answer.WaitAsync(Patience);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"a {(ApiKey)parked.Header.RequestApiKey} hangs after its connection has ended", e);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the answer.
        }

        if (parked.Answer.IsCompletedSuccessfully)
        {
            await FinishAsync(parked);
        }
        else
        {
            parked.Dispose();
        }
    }

    private async Task FinishAsync(Parked parked)
    {
        using (parked)
        {
            if (await parked.Answer is { } response)
            {
                MessageFrame.WriteResponse(_encoded, response, parked.Header.RequestApiVersion, parked.Header.CorrelationId);
                _encoded.Clear();
                Learn(response);
            }
        }
    }

    private void Learn(IResponse response)
    {
        switch (response)
        {
            case JoinGroupResponse { MemberId.Length: > 0 } join:
                _words.AddMember(join.MemberId);
                break;
            case InitProducerIdResponse { ProducerId: >= 0 } producer:
                _words.AddProducer(producer.ProducerId);
                break;
            case CreateTopicsResponse created:
                created.Topics.ForEach(t => _words.AddTopicId(t.TopicId));
                break;
        }
    }

    /// <summary>A request whose answer is awaited.</summary>
    private sealed class Parked(RequestHeader header, RequestContext context, CancellationTokenSource aborted) : IDisposable
    {
        public RequestHeader Header => header;

        public RequestContext Context => context;

        public CancellationTokenSource Aborted => aborted;

        public Task<IResponse?> Answer { get; set; } = Task.FromResult<IResponse?>(null);

        public void Dispose()
        {
            context.Dispose();
            aborted.Dispose();
        }
    }
}
