namespace StreamFlow.Broker.Security.Sasl;

/// <summary>What a message of the client led to: a further message, success, or failure.</summary>
/// <param name="Answer">The message to send back.</param>
/// <param name="Principal">Who the client is, when it has proved that.</param>
/// <param name="ExpiresAtMs">When its credential ends (ms since 1970); null for never.</param>
/// <param name="Failure">What the client is told when it failed; names no secret.</param>
internal readonly record struct SaslStep(byte[] Answer, Principal? Principal, long? ExpiresAtMs, string? Failure)
{
    /// <summary>Whether it was a delegation token that proved it.</summary>
    public bool IsToken { get; init; }

    public static SaslStep Continue(byte[] answer) => new(answer, null, null, null);

    public static SaslStep Done(Principal principal, byte[] answer, long? expiresAtMs = null) => new(answer, principal, expiresAtMs, null);

    public static SaslStep Fail(string reason) => new([], null, null, reason);
}
