using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Protocol.Tests.Support;

/// <summary>
/// A socket that understands frames and answers just enough for a client to go on: one broker, one topic, one partition. It keeps every
/// request it could read, and the error of the first that it could not.
/// </summary>
internal sealed class RecordingBroker : IAsyncDisposable
{
    public const string Topic = "orders";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(RequestHeader Header, IRequest Body, byte[] Frame)> _requests = [];
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    public RecordingBroker()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Exception? Error { get; private set; }

    public IReadOnlyList<(RequestHeader Header, IRequest Body, byte[] Frame)> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var size = new byte[4];
                while (true)
                {
                    await stream.ReadExactlyAsync(size, _stop.Token);
                    var length = BinaryPrimitives.ReadInt32BigEndian(size);
                    var frame = new byte[FrameDecoder.CheckSize(length, FrameDecoder.DefaultLargestFrame)];
                    await stream.ReadExactlyAsync(frame, _stop.Token);
                    await stream.WriteAsync(Answer(frame), _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client hung up, or the test is over.
            }
            catch (Exception e)
            {
                Error ??= e;
            }
        }
    }

    private byte[] Answer(byte[] frame)
    {
        var request = MessageFrame.ReadRequest(frame, out var header);
        lock (_requests)
        {
            _requests.Add((header, request, frame));
        }

        using var buffer = new FrameBuffer();
        MessageFrame.WriteResponse(buffer, Respond(request), header.RequestApiVersion, header.CorrelationId);
        return buffer.ToArray();
    }

    private IResponse Respond(IRequest request) => request switch
    {
        ApiVersionsRequest => OfferedApis(),
        MetadataRequest => Describe(),
        ProduceRequest produce => Acknowledge(produce),
        _ => MessageRegistry.CreateResponse(request.ApiKey),
    };

    private static ApiVersionsResponse OfferedApis()
    {
        ApiKey[] offered = [ApiKey.ApiVersions, ApiKey.Metadata, ApiKey.Produce, ApiKey.Fetch, ApiKey.ListOffsets];
        return new()
        {
            ApiKeys = offered.Select(ApiVersions.Of)
                .Select(range => new ApiVersionsResponse.ApiVersion
                {
                    ApiKey = (short)range.Key,
                    MinVersion = range.LowestOffered,
                    MaxVersion = range.HighestOffered,
                })
                .ToList(),
        };
    }

    private MetadataResponse Describe() => new()
    {
        Brokers = [new() { NodeId = 7, Host = "127.0.0.1", Port = Port }],
        ClusterId = "recording",
        ControllerId = 7,
        Topics =
        [
            new()
            {
                Name = Topic,
                Partitions = [new() { PartitionIndex = 0, LeaderId = 7, ReplicaNodes = [7], IsrNodes = [7] }],
            },
        ],
    };

    private static ProduceResponse Acknowledge(ProduceRequest request) => new()
    {
        Responses = request.TopicData
            .Select(topic => new ProduceResponse.TopicProduceResponse
            {
                Name = topic.Name,
                TopicId = topic.TopicId,
                PartitionResponses = topic.PartitionData
                    .Select(p => new ProduceResponse.PartitionProduceResponse { Index = p.Index, BaseOffset = 0 })
                    .ToList(),
            })
            .ToList(),
    };
}
