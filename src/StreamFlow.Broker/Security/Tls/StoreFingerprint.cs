using System.Security.Cryptography;
using System.Text;

namespace StreamFlow.Broker.Security.Tls;

/// <summary>Tells by settings and files of key and trust stores whether they are still the same.</summary>
internal static class StoreFingerprint
{
    /// <summary>A hash of the settings and of what stands in the files. A file that cannot be read counts as empty.</summary>
    public static string Of(SecurityOptions security)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var setting in (ReadOnlySpan<string?>)
            [
                security.KeyStoreType, security.KeyStoreLocation, security.KeyStorePassword, security.KeyStoreKey,
                security.KeyStoreCertificateChain, security.KeyPassword, security.TrustStoreType, security.TrustStoreLocation,
                security.TrustStorePassword, security.TrustStoreCertificates,
            ])
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{setting?.Length ?? -1}:{setting}"));
        }

        Append(hash, security.KeyStoreLocation);
        Append(hash, security.TrustStoreLocation);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string? file)
    {
        if (file is null)
        {
            return;
        }

        try
        {
#pragma warning disable RS0030 // certificates are the operator's files and no part of the data directory
            hash.AppendData(File.ReadAllBytes(file));
#pragma warning restore RS0030
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            hash.AppendData([]);
        }
    }
}
