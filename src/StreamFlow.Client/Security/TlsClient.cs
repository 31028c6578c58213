using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using StreamFlow.Core.Security;

namespace StreamFlow.Client.Security;

/// <summary>The client's side of TLS: what it trusts and how it proves itself. The stores are read once. Thread safe.</summary>
internal sealed class TlsClient
{
    private readonly X509Certificate2Collection? _trusted;
    private readonly SslStreamCertificateContext? _own;
    private readonly bool _checksHost;

    /// <summary>Reads the stores.</summary>
    /// <exception cref="Core.Errors.ConfigurationException">A store cannot be used.</exception>
    public TlsClient(ConnectionSecurity security)
    {
        _trusted = CertificateStores.LoadTrustStore(
            security.CaLocation is null ? security.TrustStoreType : "PEM",
            security.CaLocation ?? security.TrustStoreLocation,
            security.TrustStorePassword,
            security.TrustStoreCertificates);
        var keys = CertificateStores.LoadKeyStore(new KeyStoreSettings(
            security.KeyStoreType, security.KeyStoreLocation, security.KeyStorePassword, security.KeyPassword,
            security.KeyStoreKey, security.KeyStoreCertificateChain));
        _own = keys is null ? null : SslStreamCertificateContext.Create(keys.Certificate, [.. keys.Intermediates], offline: true);
        _checksHost = security.EndpointIdentification.Length > 0;
    }

    /// <summary>
    /// What a broker may have missed that ends a connection before its first answer, and what to do; null when nothing is known. With
    /// TLS 1.3 the client's handshake is over before the broker has looked at its certificate.
    /// </summary>
    public string? EarlyEndHint =>
        _own is null ? "it may want a client certificate: name a file with key and certificate by ssl.keystore.location" : null;

    /// <summary>The options of a handshake with a broker.</summary>
    public SslClientAuthenticationOptions OptionsFor(string host) => new()
    {
        TargetHost = host,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = _trusted is null ? null : CertificateStores.PolicyOf(_trusted),
        ClientCertificateContext = _own,
        RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~Accepted) == SslPolicyErrors.None,
    };

    private SslPolicyErrors Accepted => _checksHost ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateNameMismatch;
}
