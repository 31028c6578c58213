using System.Net;
using System.Net.Sockets;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>Ports for brokers that are started again on the same one.</summary>
internal static class FreePorts
{
    public const string Host = "127.0.0.1";

    // Below the range that Linux gives to clients, so that no client of ours takes the port while its broker is down.
    private const int First = 10_000;
    private const int End = 30_000;

    /// <summary>The first of so many free ports in a row.</summary>
    public static int Take(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(First, End);
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
