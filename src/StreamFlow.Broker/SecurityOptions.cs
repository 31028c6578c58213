using System.Collections.Immutable;
using StreamFlow.Broker.Configuration;

namespace StreamFlow.Broker;

/// <summary>
/// How listeners encrypt and authenticate, with Kafka's names and defaults. Each setting can be given for one listener alone, as
/// <c>listener.name.NAME.KEY</c>, and those of SASL for one mechanism of it, as <c>listener.name.NAME.MECHANISM.KEY</c>.
/// </summary>
public sealed record SecurityOptions
{
    /// <summary>PEM or PKCS12; null to tell by the file.</summary>
    [KafkaKey("ssl.keystore.type")]
    public string? KeyStoreType { get; init; }

    /// <summary>The file of the broker's private key and certificates; null when the PEM text itself is given, or without TLS.</summary>
    [KafkaKey("ssl.keystore.location")]
    public string? KeyStoreLocation { get; init; }

    /// <summary>What a PKCS12 key store is locked with.</summary>
    [KafkaKey("ssl.keystore.password", IsSecret = true)]
    public string? KeyStorePassword { get; init; }

    /// <summary>The private key as PEM text, in place of a file.</summary>
    [KafkaKey("ssl.keystore.key", IsSecret = true)]
    public string? KeyStoreKey { get; init; }

    /// <summary>The certificates of the key as PEM text, the key's own first.</summary>
    [KafkaKey("ssl.keystore.certificate.chain")]
    public string? KeyStoreCertificateChain { get; init; }

    /// <summary>What a PEM key is locked with.</summary>
    [KafkaKey("ssl.key.password", IsSecret = true)]
    public string? KeyPassword { get; init; }

    /// <summary>PEM or PKCS12; null to tell by the file.</summary>
    [KafkaKey("ssl.truststore.type")]
    public string? TrustStoreType { get; init; }

    /// <summary>The file of the certificates that client certificates must descend from; null for the system's roots.</summary>
    [KafkaKey("ssl.truststore.location")]
    public string? TrustStoreLocation { get; init; }

    /// <summary>What a PKCS12 trust store is locked with.</summary>
    [KafkaKey("ssl.truststore.password", IsSecret = true)]
    public string? TrustStorePassword { get; init; }

    /// <summary>The trusted certificates as PEM text, in place of a file.</summary>
    [KafkaKey("ssl.truststore.certificates")]
    public string? TrustStoreCertificates { get; init; }

    /// <summary>Whether clients need a certificate: <c>none</c> (default), <c>requested</c> or <c>required</c>.</summary>
    [KafkaKey("ssl.client.auth")]
    public string ClientAuth { get; init; } = "none";

    /// <summary>
    /// Rules that make user names of certificate subjects, such as <c>RULE:^CN=([^,]+).*$/$1/L,DEFAULT</c>. Default: the whole subject.
    /// </summary>
    [KafkaKey("ssl.principal.mapping.rules")]
    public string PrincipalMappingRules { get; init; } = "DEFAULT";

    /// <summary>The TLS versions allowed.</summary>
    [KafkaKey("ssl.enabled.protocols")]
    public ImmutableArray<string> EnabledProtocols { get; init; } = ["TLSv1.2", "TLSv1.3"];

    /// <summary>The cipher suites allowed, under their IANA names; empty for the system's choice.</summary>
    [KafkaKey("ssl.cipher.suites")]
    public ImmutableArray<string> CipherSuites { get; init; } = [];

    /// <summary>
    /// The SASL mechanisms that clients may use: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER. Default none, where Kafka has GSSAPI,
    /// which this broker lacks.
    /// </summary>
    [KafkaKey("sasl.enabled.mechanisms")]
    public ImmutableArray<string> SaslMechanisms { get; init; } = [];

    /// <summary>The login module with its options: for PLAIN its users as <c>user_NAME="PASSWORD"</c>.</summary>
    [KafkaKey("sasl.jaas.config", IsSecret = true)]
    public string? JaasConfig { get; init; }

    /// <summary>Clients have to authenticate again within this time (ms); 0, the default, for never.</summary>
    [KafkaKey("connections.max.reauth.ms")]
    public long MaxReauthMs { get; init; }

    /// <summary>The largest frame accepted before a client has authenticated (bytes). Default 512 KiB.</summary>
    [KafkaKey("sasl.server.max.receive.size")]
    public int SaslMaxReceiveSize { get; init; } = 524288;

    /// <summary>Where the public keys of OAUTHBEARER's tokens are: a <c>file:</c> or <c>https:</c> URL of a JWKS.</summary>
    [KafkaKey("sasl.oauthbearer.jwks.endpoint.url")]
    public string? JwksUrl { get; init; }

    /// <summary>How often the public keys are fetched again (ms). Default 1 hour; an unknown key is looked for at once.</summary>
    [KafkaKey("sasl.oauthbearer.jwks.endpoint.refresh.ms")]
    public long JwksRefreshMs { get; init; } = 3_600_000;

    /// <summary>Tokens must be meant for one of these (claim <c>aud</c>); empty for no check.</summary>
    [KafkaKey("sasl.oauthbearer.expected.audience")]
    public ImmutableArray<string> ExpectedAudience { get; init; } = [];

    /// <summary>Tokens must come from here (claim <c>iss</c>); null for no check.</summary>
    [KafkaKey("sasl.oauthbearer.expected.issuer")]
    public string? ExpectedIssuer { get; init; }

    /// <summary>How far the clocks of issuer and broker may be apart (seconds). Default 30.</summary>
    [KafkaKey("sasl.oauthbearer.clock.skew.seconds")]
    public int ClockSkewSeconds { get; init; } = 30;

    /// <summary>The claim that names the user. Default <c>sub</c>.</summary>
    [KafkaKey("sasl.oauthbearer.sub.claim.name")]
    public string SubClaim { get; init; } = "sub";

    /// <summary>
    /// Whether tokens without a signature are believed, which is for development only. Kafka believes them unless told otherwise; here it
    /// has to be said. Default false.
    /// </summary>
    [KafkaKey("sasl.oauthbearer.allow.unsecured")]
    public bool AllowUnsecuredTokens { get; init; }

    /// <summary>
    /// The most connections of all listeners together; with <c>listener.name.</c> in front, those of one listener. Default no limit.
    /// </summary>
    [KafkaKey("max.connections")]
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>Names none of the settings, because some are secrets.</summary>
    public override string ToString() => nameof(SecurityOptions);
}
