using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Security;

/// <summary>
/// Reads the stores that Kafka's <c>ssl.keystore.*</c> and <c>ssl.truststore.*</c> settings name: PEM, as text or in files, and PKCS12
/// files. Error messages name settings and files, never what stands in them.
/// </summary>
public static class CertificateStores
{
    private const string Pem = "PEM";
    private const string Pkcs12 = "PKCS12";

    /// <summary>Loads a private key with its certificate and the certificates between it and the root.</summary>
    /// <param name="settings">Where they are.</param>
    /// <returns>Null when no store is set.</returns>
    /// <exception cref="ConfigurationException">The store cannot be used; the message says which setting is wrong.</exception>
    public static KeyStore? LoadKeyStore(KeyStoreSettings settings)
    {
        if (settings is { Location: null, Key: null, CertificateChain: null })
        {
            return null;
        }

        try
        {
            if (settings.Location is not { } location)
            {
                return FromPem(
                    settings.CertificateChain ?? throw Missing("ssl.keystore.certificate.chain", "ssl.keystore.key"),
                    settings.Key ?? throw Missing("ssl.keystore.key", "ssl.keystore.certificate.chain"),
                    settings.KeyPassword);
            }

            if (TypeOf(settings.Type, location, "ssl.keystore.type") == Pem)
            {
                var text = File.ReadAllText(location);
                return FromPem(text, text, settings.KeyPassword);
            }

            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(location, settings.Password);
            var leaf = all.FirstOrDefault(c => c.HasPrivateKey)
                ?? throw new ConfigurationException($"ssl.keystore.location: {location} holds no private key");
            return new KeyStore(leaf, [.. all.Where(c => !ReferenceEquals(c, leaf))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigurationException($"the key store {settings.Location ?? "in ssl.keystore.key"} cannot be used: {e.Message}");
        }
    }

    /// <summary>Loads the certificates to trust.</summary>
    /// <param name="type">PEM or PKCS12; null to tell by the file's name.</param>
    /// <param name="location">The file, or null.</param>
    /// <param name="password">What a PKCS12 file is locked with, or null.</param>
    /// <param name="certificates">PEM text in place of a file, or null.</param>
    /// <returns>Null when no store is set: the system's own roots are then trusted.</returns>
    /// <exception cref="ConfigurationException">The store cannot be used; the message says which setting is wrong.</exception>
    public static X509Certificate2Collection? LoadTrustStore(string? type, string? location, string? password, string? certificates)
    {
        if (location is null && certificates is null)
        {
            return null;
        }

        var trusted = new X509Certificate2Collection();
        try
        {
            if (location is null)
            {
                trusted.ImportFromPem(certificates);
            }
            else if (TypeOf(type, location, "ssl.truststore.type") == Pem)
            {
                trusted.ImportFromPem(File.ReadAllText(location));
            }
            else
            {
                trusted = X509CertificateLoader.LoadPkcs12CollectionFromFile(location, password);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException($"the trust store {location ?? "in ssl.truststore.certificates"} cannot be used: {e.Message}");
        }

        return trusted.Count > 0
            ? trusted
            : throw new ConfigurationException($"the trust store {location ?? "in ssl.truststore.certificates"} holds no certificate");
    }

    /// <summary>A policy that trusts these roots and no others. Revocation is not looked up, as in Kafka's default.</summary>
    public static X509ChainPolicy PolicyOf(X509Certificate2Collection trusted)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(trusted);
        return policy;
    }

    private static KeyStore FromPem(string chain, string key, string? keyPassword)
    {
        var leaf = keyPassword is null
            ? X509Certificate2.CreateFromPem(chain, key)
            : X509Certificate2.CreateFromEncryptedPem(chain, key, keyPassword);
        var all = new X509Certificate2Collection();
        all.ImportFromPem(chain);
        return new KeyStore(leaf, [.. all.Where(c => !c.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span))]);
    }

    private static string TypeOf(string? type, string location, string setting)
    {
        var extension = Path.GetExtension(location).ToUpperInvariant();
        return (type?.ToUpperInvariant(), extension) switch
        {
            (Pem, _) or (null, ".PEM" or ".CRT" or ".CER" or ".KEY") => Pem,
            (Pkcs12, _) or (null, ".P12" or ".PFX") => Pkcs12,
            (null, _) when LooksLikePem(location) => Pem,
            _ => throw new ConfigurationException(
                $"{setting}: {type ?? "JKS"} stores are not read; use PEM or PKCS12 "
                    + $"(keytool -importkeystore -srckeystore {location} -destkeystore store.p12 -deststoretype PKCS12)"),
        };
    }

    private static bool LooksLikePem(string location)
    {
        using var file = File.OpenRead(location);
        Span<byte> start = stackalloc byte[64];
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return Encoding.ASCII.GetString(start[..count]).Contains("-----BEGIN", StringComparison.Ordinal);
    }

    private static ConfigurationException Missing(string wanted, string given) =>
        new($"{given} is set but {wanted} is not; a key and its certificates belong together");
}
