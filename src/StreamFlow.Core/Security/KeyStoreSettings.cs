namespace StreamFlow.Core.Security;

/// <summary>The settings of a key store, under Kafka's names. What is null is not set.</summary>
/// <param name="Type"><c>ssl.keystore.type</c>: PEM or PKCS12; null to tell by the file.</param>
/// <param name="Location"><c>ssl.keystore.location</c>: the file; null when the PEM text itself is given.</param>
/// <param name="Password"><c>ssl.keystore.password</c>: what a PKCS12 file is locked with.</param>
/// <param name="KeyPassword"><c>ssl.key.password</c>: what a PEM key is locked with.</param>
/// <param name="Key"><c>ssl.keystore.key</c>: the private key as PEM text.</param>
/// <param name="CertificateChain"><c>ssl.keystore.certificate.chain</c>: its certificates as PEM text, its own first.</param>
public sealed record KeyStoreSettings(
    string? Type, string? Location, string? Password, string? KeyPassword, string? Key, string? CertificateChain)
{
    /// <summary>Tells that it is there, not what is in it.</summary>
    public override string ToString() => $"key store {Location ?? "given as text"}";
}
