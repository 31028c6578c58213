using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>
/// SASL on one connection (KIP-43, KIP-152, KIP-368). A client names a mechanism, then sends tokens: as requests after a handshake of
/// version 1, as bare frames after version 0. A client that has authenticated may do so again, as the same user; it has to before its
/// session ends. Requests of a connection come one after the other, so nothing here is guarded.
/// <code>
/// Start -- handshake --> Exchanging -- last token --> Done -- handshake --> Exchanging (again) ...
///                            \-- failure --> Failed: the connection is closed
/// </code>
/// </summary>
internal sealed class SaslServer(SaslListener settings)
{
    private State _state;
    private bool _sendsRawTokens;
    private string _mechanism = "";
    private ISaslExchange? _exchange;
    private (Principal Principal, string Mechanism)? _proven;
    private long _expiresAtMs = long.MaxValue;

    private enum State
    {
        Start,
        Exchanging,
        Done,
        Failed,
    }

    /// <summary>Told who the client is.</summary>
    public Action<Principal>? Authenticated { get; set; }

    /// <summary>Whether the client has proved who it is, at any time.</summary>
    public bool IsAuthenticated => _proven is not null;

    /// <summary>Whether the client has last proved who it is by a delegation token.</summary>
    public bool IsTokenAuthenticated { get; private set; }

    /// <summary>Whether the next frame is a token and no request.</summary>
    public bool ExpectsRawToken => _state == State.Exchanging && _sendsRawTokens;

    /// <summary>Whether a request may be handled now.</summary>
    public bool MayServe(ApiKey key) => key switch
    {
        ApiKey.SaslHandshake or ApiKey.SaslAuthenticate => true,
        ApiKey.ApiVersions => _state != State.Exchanging,
        _ => _state == State.Done && settings.Clock.NowMs < _expiresAtMs,
    };

    /// <summary>Begins an exchange.</summary>
    public SaslHandshakeResponse Handshake(string mechanism, short version)
    {
        var response = new SaslHandshakeResponse { Mechanisms = [.. settings.Mechanisms.Keys.Order(StringComparer.Ordinal)] };
        var isAllowed = _state == State.Start || (_state == State.Done && version > 0);
        if (!isAllowed)
        {
            _state = State.Failed;
            response.ErrorCode = ErrorCode.IllegalSaslState;
        }
        else if (!settings.Mechanisms.TryGetValue(mechanism, out var found))
        {
            response.ErrorCode = ErrorCode.UnsupportedSaslMechanism;
        }
        else if (_proven is { } proven && proven.Mechanism != mechanism)
        {
            _state = State.Failed;
            response.ErrorCode = ErrorCode.IllegalSaslState;
        }
        else
        {
            _mechanism = mechanism;
            _exchange = found.Begin();
            _sendsRawTokens = version == 0;
            _state = State.Exchanging;
        }

        return response;
    }

    /// <summary>Takes a token.</summary>
    /// <returns>The answer; with an error the connection is to be closed after it.</returns>
    public async ValueTask<SaslAuthenticateResponse> AuthenticateAsync(ReadOnlyMemory<byte> token)
    {
        if (_state != State.Exchanging)
        {
            _state = State.Failed;
            return new SaslAuthenticateResponse
            {
                ErrorCode = ErrorCode.IllegalSaslState,
                ErrorMessage = "SaslAuthenticate request received without a SaslHandshake before it",
            };
        }

        var step = await _exchange!.StepAsync(token).ConfigureAwait(false);
        if (step.Failure is not null)
        {
            return Fail(step.Failure);
        }

        return step.Principal is { } principal
            ? Finish(step, principal)
            : new SaslAuthenticateResponse { AuthBytes = step.Answer };
    }

    private SaslAuthenticateResponse Finish(in SaslStep step, Principal principal)
    {
        if (_proven is { } proven && proven.Principal != principal)
        {
            return Fail($"Cannot change principals during re-authentication from {proven.Principal} to {principal}");
        }

        var lifetime = LifetimeOf(step.ExpiresAtMs);
        _expiresAtMs = lifetime > 0 ? settings.Clock.NowMs + lifetime : long.MaxValue;
        _proven = (principal, _mechanism);
        IsTokenAuthenticated = step.IsToken;
        _exchange = null;
        _state = State.Done;
        Authenticated?.Invoke(principal);
        return new SaslAuthenticateResponse { AuthBytes = step.Answer, SessionLifetimeMs = lifetime };
    }

    /// <summary>How long the session lasts (ms); 0 without end, as it is unless the operator wants re-authentication.</summary>
    private long LifetimeOf(long? credentialEndsAtMs)
    {
        var longest = settings.Mechanisms[_mechanism].MaxReauthMs;
        return longest > 0 && credentialEndsAtMs is { } end ? Math.Clamp(end - settings.Clock.NowMs, 1, longest) : longest;
    }

    private SaslAuthenticateResponse Fail(string reason)
    {
        _state = State.Failed;
        _exchange = null;
        return new SaslAuthenticateResponse { ErrorCode = ErrorCode.SaslAuthenticationFailed, ErrorMessage = reason };
    }
}
