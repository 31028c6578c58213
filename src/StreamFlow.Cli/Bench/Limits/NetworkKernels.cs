using System.Net;
using System.Net.Sockets;

namespace StreamFlow.Cli.Bench.Limits;

/// <summary>Loopback TCP.</summary>
internal static class NetworkKernels
{
    private const int RoundTrips = 2000;
    private const int MessageBytes = 64;

    /// <summary>Round trips of a small message between two blocking sockets.</summary>
    public static IEnumerable<LimitKernel> All()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndpoint);
        var server = listener.AcceptSocket();
        server.NoDelay = true;
        new Thread(() => Echo(server)) { IsBackground = true }.Start();
        var message = new byte[MessageBytes];
        yield return new("tcp.round-trip.64B", "ns/op", RoundTrips, () =>
        {
            for (var i = 0; i < RoundTrips; i++)
            {
                client.Send(message);
                for (var received = 0; received < message.Length;)
                {
                    received += client.Receive(message.AsSpan(received));
                }
            }
        }) { WallTime = true, Cleanup = () => Close(client, listener) };
    }

    private static void Close(Socket client, TcpListener listener)
    {
        client.Dispose();
        listener.Dispose();
    }

    private static void Echo(Socket server)
    {
        var buffer = new byte[MessageBytes];
        int received;
        while ((received = server.Receive(buffer)) > 0)
        {
            server.Send(buffer.AsSpan(0, received));
        }

        server.Dispose();
    }
}
