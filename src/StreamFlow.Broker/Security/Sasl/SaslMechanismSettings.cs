namespace StreamFlow.Broker.Security.Sasl;

/// <summary>One mechanism of a listener.</summary>
/// <param name="Begin">Begins an exchange.</param>
/// <param name="MaxReauthMs">Clients authenticate again within this time (ms); 0 for never.</param>
internal sealed record SaslMechanismSettings(Func<ISaslExchange> Begin, long MaxReauthMs);
