using System.Security.Cryptography.X509Certificates;
using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Broker.Security.Tls;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Security;

/// <summary>A listener with what its protocol needs, loaded once at the start.</summary>
/// <param name="Listener">Its address and settings.</param>
/// <param name="Tls">For encrypted listeners.</param>
/// <param name="Sasl">For listeners with SASL.</param>
internal sealed record SecuredListener(Listener Listener, TlsListener? Tls, SaslListener? Sasl)
{
    /// <summary>Begins a session.</summary>
    /// <param name="host">The client's address.</param>
    /// <param name="certificate">The client's certificate, which TLS has checked; or null.</param>
    public Session Open(string host, X509Certificate2? certificate)
    {
        var isUser = certificate is not null && Listener.Protocol == SecurityProtocol.Ssl;
        var principal = isUser ? Principal.User(Tls!.Mapper.Map(SubjectName.Of(certificate!))) : Principal.Anonymous;
        return Session.Open(this, host, principal);
    }
}
