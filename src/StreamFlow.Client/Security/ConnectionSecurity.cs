using StreamFlow.Client.Configuration;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Client.Security;

/// <summary>How connections to brokers are encrypted and authenticated, with Kafka's names and defaults. Immutable.</summary>
public sealed record ConnectionSecurity
{
    /// <summary>Neither encrypted nor authenticated.</summary>
    public static ConnectionSecurity None { get; } = new();

    /// <summary>PLAINTEXT (default), SSL, SASL_PLAINTEXT or SASL_SSL.</summary>
    [ConfigKey("security.protocol")]
    public SecurityProtocol Protocol { get; init; } = SecurityProtocol.Plaintext;

    /// <summary>PEM or PKCS12; null to tell by the file.</summary>
    [ConfigKey("ssl.truststore.type")]
    public string? TrustStoreType { get; init; }

    /// <summary>The file of the certificates that the broker's must descend from; null for the system's roots.</summary>
    [ConfigKey("ssl.truststore.location")]
    public string? TrustStoreLocation { get; init; }

    /// <summary>What a PKCS12 trust store is locked with.</summary>
    [ConfigKey("ssl.truststore.password")]
    public string? TrustStorePassword { get; init; }

    /// <summary>The trusted certificates as PEM text, in place of a file.</summary>
    [ConfigKey("ssl.truststore.certificates")]
    public string? TrustStoreCertificates { get; init; }

    /// <summary>The same as <see cref="TrustStoreLocation"/> with a PEM file, under librdkafka's name.</summary>
    [ConfigKey("ssl.ca.location")]
    public string? CaLocation { get; init; }

    /// <summary>PEM or PKCS12; null to tell by the file.</summary>
    [ConfigKey("ssl.keystore.type")]
    public string? KeyStoreType { get; init; }

    /// <summary>The file of this client's private key and certificates; null when it needs none, or when they are given as text.</summary>
    [ConfigKey("ssl.keystore.location")]
    public string? KeyStoreLocation { get; init; }

    /// <summary>What a PKCS12 key store is locked with.</summary>
    [ConfigKey("ssl.keystore.password")]
    public string? KeyStorePassword { get; init; }

    /// <summary>The private key as PEM text, in place of a file.</summary>
    [ConfigKey("ssl.keystore.key")]
    public string? KeyStoreKey { get; init; }

    /// <summary>The certificates of the key as PEM text, the key's own first.</summary>
    [ConfigKey("ssl.keystore.certificate.chain")]
    public string? KeyStoreCertificateChain { get; init; }

    /// <summary>What a PEM key is locked with.</summary>
    [ConfigKey("ssl.key.password")]
    public string? KeyPassword { get; init; }

    /// <summary><c>https</c> (default): the broker's certificate must name the host that was connected to; empty: any host.</summary>
    [ConfigKey("ssl.endpoint.identification.algorithm")]
    public string EndpointIdentification { get; init; } = "https";

    /// <summary>PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.</summary>
    [ConfigKey("sasl.mechanism")]
    public string? Mechanism { get; init; }

    /// <summary>
    /// The login module with its options: <c>username</c> and <c>password</c>; with SCRAM and <c>tokenauth=true</c> these are the id and
    /// the HMAC of a delegation token.
    /// </summary>
    [ConfigKey("sasl.jaas.config")]
    public string? JaasConfig { get; init; }

    /// <summary>The user; goes before the one of <see cref="JaasConfig"/>. librdkafka's name.</summary>
    [ConfigKey("sasl.username")]
    public string? Username { get; init; }

    /// <summary>The user's password; goes before the one of <see cref="JaasConfig"/>. librdkafka's name.</summary>
    [ConfigKey("sasl.password")]
    public string? Password { get; init; }

    /// <summary>For OAUTHBEARER: a <c>file:</c> URL of the token, read at each login. <see cref="TokenSource"/> goes before it.</summary>
    [ConfigKey("sasl.oauthbearer.token.endpoint.url")]
    public string? TokenUrl { get; init; }

    /// <summary>For OAUTHBEARER: gives the token (a compact JWT), asked at each login.</summary>
    public Func<CancellationToken, ValueTask<string>>? TokenSource { get; init; }

    /// <summary>All that is wrong with these settings, in words; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (EndpointIdentification is not ("" or "https"))
        {
            problems.Add("ssl.endpoint.identification.algorithm must be https or empty");
        }

        if (!Protocol.UsesSasl())
        {
            return problems;
        }

        try
        {
            _ = SaslLogin.Of(this);
        }
        catch (ConfigurationException e)
        {
            problems.Add(e.Message);
        }

        return problems;
    }

    /// <summary>Tells the protocol and nothing that is secret.</summary>
    public override string ToString() => Protocol.UsesSasl() ? $"{Protocol.KafkaName()} {Mechanism}" : Protocol.KafkaName();
}
