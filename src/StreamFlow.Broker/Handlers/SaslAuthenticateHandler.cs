using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// Carries the tokens of an authentication. A failure is answered late, to slow down guessing, and closes the connection.
/// </summary>
internal sealed partial class SaslAuthenticateHandler(BrokerOptions options, BrokerClock clock, ILogger logger)
    : RequestHandler<SaslAuthenticateRequest, SaslAuthenticateResponse>
{
    /// <summary>Takes a token that came as a bare frame; a failure has no answer there.</summary>
    public async ValueTask<IResponse?> HandleRawAsync(RequestContext context, ReadOnlyMemory<byte> token)
    {
        var response = await AuthenticateAsync(context, token).ConfigureAwait(false);
        return response.ErrorCode == ErrorCode.None ? new RawSaslToken(response.AuthBytes) : null;
    }

    protected override async ValueTask<SaslAuthenticateResponse?> HandleAsync(RequestContext context, SaslAuthenticateRequest request) =>
        await AuthenticateAsync(context, request.AuthBytes).ConfigureAwait(false);

    private async ValueTask<SaslAuthenticateResponse> AuthenticateAsync(RequestContext context, ReadOnlyMemory<byte> token)
    {
        if (context.Session.Sasl is not { } sasl)
        {
            return new SaslAuthenticateResponse
            {
                ErrorCode = ErrorCode.IllegalSaslState,
                ErrorMessage = "This listener authenticates nobody.",
            };
        }

        var response = await sasl.AuthenticateAsync(token).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None)
        {
            LogFailed(context.Session.Host, context.Session.Listener!.Listener.Name, response.ErrorMessage);
            context.MustClose = true;
            var delay = TimeSpan.FromMilliseconds(options.FailedAuthenticationDelayMs);
            await Task.Delay(delay, clock.Time, context.Aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return response;
    }

    [LoggerMessage(EventIds.AuthenticationFailed, LogLevel.Information, "{Host} failed to authenticate at listener {Listener}: {Reason}")]
    private partial void LogFailed(string host, string listener, string? reason);
}
