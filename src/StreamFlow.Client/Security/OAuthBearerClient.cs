using System.Text;

namespace StreamFlow.Client.Security;

/// <summary>OAUTHBEARER (RFC 7628): a token of somebody whom the broker trusts.</summary>
internal sealed class OAuthBearerClient(Func<CancellationToken, ValueTask<string>> source) : ISaslClient
{
    private static readonly byte[] Acknowledgement = [1];

    public async ValueTask<byte[]> BeginAsync(CancellationToken cancellationToken)
    {
        var token = await source(cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetBytes($"n,,\u0001auth=Bearer {token}\u0001\u0001");
    }

    // An answer with content is a refusal; the broker says why once it is acknowledged.
    public byte[]? Next(byte[] answer) => answer.Length > 0 ? Acknowledgement : null;
}
