namespace StreamFlow.Broker.Security.Sasl;

/// <summary>What a token is worth.</summary>
/// <param name="User">Whose it is; empty when it was refused.</param>
/// <param name="ExpiresAtMs">Its end, ms since 1970.</param>
/// <param name="Failure">Why it was refused, or null.</param>
internal readonly record struct TokenVerdict(string User, long ExpiresAtMs, string? Failure)
{
    public static TokenVerdict Refused(string reason) => new("", 0, reason);
}
