namespace StreamFlow.Client.Transport;

/// <summary>The bytes of a connection, plain or encrypted. One caller may send while another receives.</summary>
internal abstract class NetworkChannel : IDisposable
{
    /// <summary>Sends all of the pieces.</summary>
    public abstract ValueTask SendAsync(List<ArraySegment<byte>> pieces);

    /// <summary>Receives what there is; 0 when the peer has closed the connection.</summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Why the peer may end the connection before it has answered anything; null when nothing is known.</summary>
    public virtual string? EarlyEndHint => null;

    public abstract void Dispose();
}
