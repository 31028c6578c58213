using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Security;

/// <summary>Authenticates a connection, at its start and again when the broker's session ends (KIP-152, KIP-368).</summary>
/// <param name="login">The credentials.</param>
/// <param name="peer">The broker, for messages.</param>
internal sealed class SaslConversation(SaslLogin login, string peer)
{
    private const short HandshakeVersion = 1;
    private const short AuthenticateVersion = 1;

    /// <summary>Sends a request of a version; the connection gives it.</summary>
    public delegate Task<TResponse> Send<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : IResponse;

    /// <summary>Runs the exchange.</summary>
    /// <returns>How long the session lasts; zero without end.</returns>
    /// <exception cref="BrokerException">The broker refuses the mechanism or the credentials.</exception>
    public async Task<TimeSpan> RunAsync(
        Send<SaslHandshakeResponse> handshake, Send<SaslAuthenticateResponse> authenticate, CancellationToken cancellationToken)
    {
        var offered = await handshake(new SaslHandshakeRequest { Mechanism = login.Mechanism }, HandshakeVersion).ConfigureAwait(false);
        if (offered.ErrorCode != ErrorCode.None)
        {
            throw Refused(offered.ErrorCode, offered.ErrorCode == ErrorCode.UnsupportedSaslMechanism
                ? $"the broker has {string.Join(", ", offered.Mechanisms)}" : null);
        }

        var client = login.Begin();
        var token = await client.BeginAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var answer = await authenticate(new SaslAuthenticateRequest { AuthBytes = token }, AuthenticateVersion).ConfigureAwait(false);
            if (answer.ErrorCode != ErrorCode.None)
            {
                throw Refused(answer.ErrorCode, answer.ErrorMessage);
            }

            if (client.Next(answer.AuthBytes) is not { } next)
            {
                return TimeSpan.FromMilliseconds(answer.SessionLifetimeMs);
            }

            token = next;
        }
    }

    private BrokerException Refused(ErrorCode error, string? reason) =>
        new(error, $"authenticate at {peer} by {login.Mechanism}", reason);
}
