using System.Net.Sockets;

namespace StreamFlow.Client.Transport;

/// <summary>A plain socket.</summary>
internal sealed class SocketChannel(Socket socket) : NetworkChannel
{
    // A gathering write on Linux sends all or throws, like the single-buffer one.
    public override Task SendAsync(List<ArraySegment<byte>> pieces) => socket.SendAsync(pieces, SocketFlags.None);

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public override void Dispose() => socket.Dispose();
}
