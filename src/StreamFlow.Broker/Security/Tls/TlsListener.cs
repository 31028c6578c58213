using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security.Tls;

/// <summary>
/// What one listener needs for TLS. Its certificates can be replaced while it listens: a handshake takes those that are there when it
/// begins.
/// </summary>
internal sealed class TlsListener
{
    private readonly string _name;
    private Loaded _loaded;

    private TlsListener(string name, Loaded loaded, PrincipalMapper mapper)
    {
        _name = name;
        _loaded = loaded;
        Mapper = mapper;
    }

    /// <summary>Makes user names of certificates.</summary>
    public PrincipalMapper Mapper { get; }

    /// <summary>The options of a handshake that begins now.</summary>
    public SslServerAuthenticationOptions Options => Volatile.Read(ref _loaded).Options;

    /// <summary>Reads the stores of a listener.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or cannot be used.</exception>
    public static TlsListener Load(string listener, SecurityOptions security)
    {
        var fingerprint = StoreFingerprint.Of(security);
        return new TlsListener(
            listener, new Loaded(fingerprint, OptionsOf(listener, security)), PrincipalMapper.Parse(security.PrincipalMappingRules));
    }

    /// <summary>Reads the stores anew when their settings or files are others than before.</summary>
    /// <returns>Whether they are.</returns>
    /// <exception cref="ConfigurationException">They cannot be used, which is said once; the old ones stay in use.</exception>
    public bool Refresh(SecurityOptions security)
    {
        var before = Volatile.Read(ref _loaded);
        var fingerprint = StoreFingerprint.Of(security);
        if (fingerprint == before.Fingerprint)
        {
            return false;
        }

        try
        {
            Volatile.Write(ref _loaded, new Loaded(fingerprint, OptionsOf(_name, security)));
            return true;
        }
        catch (ConfigurationException)
        {
            Volatile.Write(ref _loaded, before with { Fingerprint = fingerprint });
            throw;
        }
    }

    private static SslServerAuthenticationOptions OptionsOf(string listener, SecurityOptions security)
    {
        var keys = CertificateStores.LoadKeyStore(new KeyStoreSettings(
                security.KeyStoreType, security.KeyStoreLocation, security.KeyStorePassword, security.KeyPassword,
                security.KeyStoreKey, security.KeyStoreCertificateChain))
            ?? throw new ConfigurationException(
                $"listener {listener} uses TLS and has no key; set ssl.keystore.location to a PEM file with key and certificates");
        var trusted = CertificateStores.LoadTrustStore(
            security.TrustStoreType, security.TrustStoreLocation, security.TrustStorePassword, security.TrustStoreCertificates);
        var (asks, insists) = security.ClientAuth switch
        {
            "none" => (false, false),
            "requested" => (true, false),
            "required" => (true, true),
            _ => throw new ConfigurationException(
                $"ssl.client.auth cannot be '{security.ClientAuth}'; allowed are none, requested, required"),
        };
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(keys.Certificate, [.. keys.Intermediates], offline: true),
            EnabledSslProtocols = ProtocolsOf(security),
            ClientCertificateRequired = asks,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = asks && trusted is not null ? CertificateStores.PolicyOf(trusted) : null,
            CipherSuitesPolicy = SuitesOf(security),
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                certificate is null ? !insists : errors == SslPolicyErrors.None,
        };
    }

#pragma warning disable CA5398 // the operator chooses the versions; the default is TLS 1.2 and 1.3
    private static SslProtocols ProtocolsOf(SecurityOptions security)
    {
        var protocols = SslProtocols.None;
        foreach (var name in security.EnabledProtocols)
        {
            protocols |= name switch
            {
                "TLSv1.2" => SslProtocols.Tls12,
                "TLSv1.3" => SslProtocols.Tls13,
                _ => throw new ConfigurationException($"ssl.enabled.protocols cannot have '{name}'; allowed are TLSv1.2, TLSv1.3"),
            };
        }

        return protocols;
    }
#pragma warning restore CA5398

    private static CipherSuitesPolicy? SuitesOf(SecurityOptions security)
    {
        if (security.CipherSuites.IsEmpty || OperatingSystem.IsWindows())
        {
            return null;
        }

        var suites = new List<TlsCipherSuite>();
        foreach (var name in security.CipherSuites)
        {
            suites.Add(Enum.TryParse<TlsCipherSuite>(name, out var suite)
                ? suite
                : throw new ConfigurationException($"ssl.cipher.suites: '{name}' is not the IANA name of a cipher suite"));
        }

        return new CipherSuitesPolicy(suites);
    }

    private sealed record Loaded(string Fingerprint, SslServerAuthenticationOptions Options);
}
