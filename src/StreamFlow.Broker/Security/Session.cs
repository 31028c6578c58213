using StreamFlow.Broker.Security.Sasl;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Security;

/// <summary>
/// Who is on the other side of a connection. Made with the connection, changed by its SASL exchange alone, read by every request of it;
/// a request keeps the session, so that handlers see who asked.
/// </summary>
internal sealed class Session
{
    private Principal _principal;

    private Session(SecuredListener? listener, string host, Principal principal, SaslServer? sasl)
    {
        Listener = listener;
        Host = host;
        ShownHost = listener is null ? host : $"/{host}";
        _principal = principal;
        Sasl = sasl;
    }

    /// <summary>A client within the broker's own process, which could do anything anyway: nothing is checked.</summary>
    public static Session InProcess { get; } = new(null, "in-process", Principal.Anonymous, null);

    /// <summary>Where the client came in; null within the process.</summary>
    public SecuredListener? Listener { get; }

    /// <summary>The client's address, as ACLs write it.</summary>
    public string Host { get; }

    /// <summary>The client's address, as descriptions of groups show it: Kafka's tools take the first letter off.</summary>
    public string ShownHost { get; }

    public Principal Principal => _principal;

    /// <summary>The SASL side of the connection; null on listeners without.</summary>
    public SaslServer? Sasl { get; }

    /// <summary>The client library, as it has named itself; empty until it has.</summary>
    public string SoftwareName { get; private set; } = "";

    /// <summary>The version of the client library; empty until it has told.</summary>
    public string SoftwareVersion { get; private set; } = "";

    public bool IsInProcess => Listener is null;

    /// <summary>Whether the client has said who it is, as far as the listener wants that.</summary>
    public bool IsAuthenticated => Sasl is null || Sasl.IsAuthenticated;

    /// <summary>Whether the client acts for somebody else, by a delegation token.</summary>
    public bool IsTokenAuthenticated => Sasl is { IsTokenAuthenticated: true };

    /// <summary>A new connection.</summary>
    /// <param name="listener">Where it came in.</param>
    /// <param name="host">Its address.</param>
    /// <param name="principal">Who it is by its certificate, or anonymous.</param>
    public static Session Open(SecuredListener listener, string host, Principal principal)
    {
        var sasl = listener.Sasl is { } settings ? new SaslServer(settings) : null;
        var session = new Session(listener, host, principal, sasl);
        if (sasl is not null)
        {
            sasl.Authenticated = found => session._principal = found;
        }

        return session;
    }

    /// <summary>The client tells which library it is (KIP-511). Within the process the session is everybody's and takes no name.</summary>
    public void SetSoftware(string name, string version)
    {
        if (!IsInProcess)
        {
            (SoftwareName, SoftwareVersion) = (name, version);
        }
    }

    /// <summary>Whether a request may be handled at all now; if not, the connection is to be closed.</summary>
    public bool MayServe(ApiKey key) => Sasl is null || Sasl.MayServe(key);
}
