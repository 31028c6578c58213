using System.Net.Security;

namespace StreamFlow.Client.Transport;

/// <summary>A socket with TLS over it.</summary>
internal sealed class TlsChannel(SslStream stream, string? earlyEndHint) : NetworkChannel
{
    public override string? EarlyEndHint => earlyEndHint;

    public override async ValueTask SendAsync(List<ArraySegment<byte>> pieces)
    {
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece).ConfigureAwait(false);
        }
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    public override void Dispose() => stream.Dispose();
}
