using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace StreamFlow.Core.Security;

/// <summary>A private key with the certificates that prove it.</summary>
/// <param name="Certificate">The certificate of the key, with the key.</param>
/// <param name="Intermediates">The certificates between it and a root, which are sent along.</param>
public sealed record KeyStore(X509Certificate2 Certificate, ImmutableArray<X509Certificate2> Intermediates);
