namespace StreamFlow.Core.Security;

/// <summary>How a connection is protected; Kafka's four.</summary>
public enum SecurityProtocol
{
    /// <summary>Neither encrypted nor authenticated.</summary>
    Plaintext,

    /// <summary>TLS; clients may prove who they are with a certificate.</summary>
    Ssl,

    /// <summary>Not encrypted; clients authenticate by SASL.</summary>
    SaslPlaintext,

    /// <summary>TLS; clients authenticate by SASL inside of it.</summary>
    SaslSsl,
}
