using System.Buffers.Binary;
using System.Net.Sockets;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Tests.Net;

/// <summary>A connection of bare bytes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<RawClient> ConnectAsync(TestBroker broker, int listener = 0)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(broker.Server.EndPoints[listener]);
        return client;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _client.GetStream().WriteAsync(bytes);

    public async Task SendAsync(IRequest request, short version, int correlationId)
    {
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(frame, request, version, correlationId, "c");
        await SendAsync(frame.ToArray());
    }

    /// <summary>The next frame without its size; null when the broker has closed the connection.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            var size = new byte[4];
            await _client.GetStream().ReadExactlyAsync(size, timeout.Token);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await _client.GetStream().ReadExactlyAsync(frame, timeout.Token);
            return frame;
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
