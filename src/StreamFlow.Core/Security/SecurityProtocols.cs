namespace StreamFlow.Core.Security;

/// <summary>Names and properties of <see cref="SecurityProtocol"/>.</summary>
public static class SecurityProtocols
{
    /// <summary>Kafka's names, for messages.</summary>
    public const string Names = "PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL";

    /// <summary>Reads Kafka's name of a protocol, in any case.</summary>
    public static bool TryParse(string text, out SecurityProtocol protocol)
    {
        (var known, protocol) = text.ToUpperInvariant() switch
        {
            "PLAINTEXT" => (true, SecurityProtocol.Plaintext),
            "SSL" => (true, SecurityProtocol.Ssl),
            "SASL_PLAINTEXT" => (true, SecurityProtocol.SaslPlaintext),
            "SASL_SSL" => (true, SecurityProtocol.SaslSsl),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>Whether TLS encrypts the connection.</summary>
    public static bool UsesTls(this SecurityProtocol protocol) => protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;

    /// <summary>Whether clients authenticate by SASL.</summary>
    public static bool UsesSasl(this SecurityProtocol protocol) => protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;

    /// <summary>Kafka's name.</summary>
    public static string KafkaName(this SecurityProtocol protocol) => protocol switch
    {
        SecurityProtocol.Plaintext => "PLAINTEXT",
        SecurityProtocol.Ssl => "SSL",
        SecurityProtocol.SaslPlaintext => "SASL_PLAINTEXT",
        _ => "SASL_SSL",
    };
}
