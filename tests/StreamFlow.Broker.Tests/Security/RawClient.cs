using System.Buffers.Binary;
using System.Net.Sockets;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Tests.Security;

/// <summary>Requests of any version over a bare connection, one after the other.</summary>
internal static class RawClient
{
    public static async Task<TcpClient> ConnectAsync(TestBroker broker)
    {
        var client = new TcpClient();
        await client.ConnectAsync(broker.Server.EndPoints[0]);
        return client;
    }

    /// <summary>The answer; null when the broker has closed the connection.</summary>
    public static async Task<TResponse?> AskAsync<TResponse>(TcpClient client, IRequest<TResponse> request, short version)
        where TResponse : class, IResponse
    {
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(frame, request, version, 1, "c");
        try
        {
            await client.GetStream().WriteAsync(frame.ToArray());
        }
        catch (IOException)
        {
            return null;
        }

        return await ReadAsync(client) is { } answer ? (TResponse)MessageFrame.ReadResponse(answer, request.ApiKey, version, out _) : null;
    }

    public static async Task<byte[]?> ReadAsync(TcpClient client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            var size = new byte[4];
            await client.GetStream().ReadExactlyAsync(size, timeout.Token);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await client.GetStream().ReadExactlyAsync(frame, timeout.Token);
            return frame;
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return null;
        }
    }
}
