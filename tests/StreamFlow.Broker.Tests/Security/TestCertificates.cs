using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StreamFlow.Testing;

/// <summary>An authority made for one test, with a broker's and clients' certificates as PEM files in a temporary directory.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("certificates-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(From, From.AddDays(10));
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
    }

    public string Directory { get; }

    /// <summary>The file of the authority's certificate.</summary>
    public string Authority => Path.Combine(Directory, "ca.pem");

    /// <summary>Makes a key and a certificate for 127.0.0.1 and localhost.</summary>
    /// <returns>The PEM file with both.</returns>
    public string Issue(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, From, From.AddDays(9), RandomNumberGenerator.GetBytes(8));
        var file = Path.Combine(Directory, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }

    public void Dispose()
    {
        _authority.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
