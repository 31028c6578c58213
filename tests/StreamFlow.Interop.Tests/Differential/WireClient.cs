using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>Sends single requests in chosen versions to a broker and reads the answers; reconnects when the broker has closed.</summary>
internal sealed class WireClient(string address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private TcpClient? _client;
    private int _correlation;

    /// <summary>The answer; null when the broker closed the connection instead.</summary>
    public async Task<IResponse?> SendAsync(IRequest request, short version)
    {
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(frame, request, version, ++_correlation, "differential");
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            _client ??= await ConnectAsync(patience.Token);
            var stream = _client.GetStream();
            await stream.WriteAsync(frame.ToArray(), patience.Token);
            if (request is ProduceRequest { Acks: 0 })
            {
                // It has no answer, so the one behind it tells whether the broker goes on with the connection.
                return await SendAsync(new ApiVersionsRequest(), 0);
            }

            var size = new byte[4];
            await stream.ReadExactlyAsync(size, patience.Token);
            var answer = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await stream.ReadExactlyAsync(answer, patience.Token);
            return MessageFrame.ReadResponse(answer, request.ApiKey, version, out _);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
    }

    private async Task<TcpClient> ConnectAsync(CancellationToken cancellation)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPEndPoint.Parse(address), cancellation);
        return client;
    }
}
