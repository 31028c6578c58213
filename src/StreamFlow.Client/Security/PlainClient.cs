using System.Text;

namespace StreamFlow.Client.Security;

/// <summary>PLAIN (RFC 4616): the password itself, so for encrypted connections only.</summary>
internal sealed class PlainClient(string user, string password) : ISaslClient
{
    public ValueTask<byte[]> BeginAsync(CancellationToken cancellationToken) => new(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));

    public byte[]? Next(byte[] answer) => null;
}
