using StreamFlow.Broker.Security;
using StreamFlow.Core.Buffers;
using StreamFlow.Protocol;

namespace StreamFlow.Broker;

/// <summary>
/// What a handler knows about a request besides its body. Whoever makes it disposes it once the response has been written or, in
/// process, when the response's records are not read any more.
/// </summary>
public sealed class RequestContext : IDisposable
{
    private readonly MessageArena? _arena;
    private readonly List<PooledBufferWriter> _buffers = [];
    private int _buffersUsed;

    /// <summary>Creates the context of one request.</summary>
    /// <param name="apiVersion">The version the client speaks for this request.</param>
    /// <param name="clientId">The name the client gave itself; empty for none.</param>
    /// <param name="clientHost">Where the client connects from, such as <c>/127.0.0.1</c>.</param>
    /// <param name="aborted">Cancelled when nobody waits for the response any more.</param>
    public RequestContext(short apiVersion, string clientId, string clientHost, CancellationToken aborted = default) =>
        (ApiVersion, ClientId, ClientHost, Aborted) = (apiVersion, clientId, clientHost, aborted);

    /// <summary>
    /// A context for one request after the other, each of which begins with <see cref="Begin(short, string, string, CancellationToken)"/>.
    /// </summary>
    /// <param name="arena">Where the objects of responses come from; reset by its owner when the response is not read any more.</param>
    public RequestContext(MessageArena arena)
    {
        _arena = arena;
        (ClientId, ClientHost) = ("", "");
    }

    /// <summary>The version the client speaks for this request.</summary>
    public short ApiVersion { get; private set; }

    /// <summary>The name the client gave itself; empty for none.</summary>
    public string ClientId { get; private set; }

    /// <summary>Where the client connects from, such as <c>/127.0.0.1</c>.</summary>
    public string ClientHost { get; private set; }

    /// <summary>Cancelled when nobody waits for the response any more.</summary>
    public CancellationToken Aborted { get; private set; }

    /// <summary>How long the connection has to be muted for the sake of a quota (ms).</summary>
    internal int ThrottleMs { get; set; }

    /// <summary>The clock's ticks spent on the request, where that is measured.</summary>
    internal long BusyTicks { get; set; }

    /// <summary>Who asks; a client within the process unless the TCP side says otherwise.</summary>
    internal Session Session { get; private set; } = Session.InProcess;

    /// <summary>
    /// Set when the connection has to be closed after this request, because no answer can tell the client of an error.
    /// </summary>
    internal bool MustClose { get; set; }

    /// <summary>Whether the transport reads records from their files itself; else they are read before the response is given.</summary>
    internal bool TakesFileRecords { get; private set; }

    /// <summary>Gives the buffers of the response back.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _buffersUsed; i++)
        {
            _buffers[i].Dispose();
        }

        _buffersUsed = 0;
    }

    /// <summary>Begins the next request of a client within the process.</summary>
    /// <param name="apiVersion">The version the client speaks for this request.</param>
    /// <param name="clientId">The name the client gave itself; empty for none.</param>
    /// <param name="clientHost">Where the client connects from.</param>
    /// <param name="aborted">Cancelled when nobody waits for the response any more.</param>
    public void Begin(short apiVersion, string clientId, string clientHost, CancellationToken aborted)
    {
        Begin(apiVersion, clientId, clientHost, Session.InProcess, aborted);
        TakesFileRecords = false;
    }

    /// <summary>Begins the next request of a connection.</summary>
    internal void Begin(short apiVersion, string clientId, string clientHost, Session session, CancellationToken aborted)
    {
        (ApiVersion, ClientId, ClientHost, Session, Aborted) = (apiVersion, clientId, clientHost, session, aborted);
        (TakesFileRecords, MustClose, ThrottleMs, BusyTicks) = (true, false, 0, 0);
    }

    /// <summary>
    /// An object for the response, or for work on the request, that lives as long as the response: used again where there is an arena.
    /// </summary>
    internal T New<T>()
        where T : class, IRecyclable, new() => _arena is null ? new T() : _arena.Rent<T>();

    /// <summary>A buffer that lives as long as the response.</summary>
    internal PooledBufferWriter RentBuffer(int capacity)
    {
        if (_buffersUsed == _buffers.Count)
        {
            _buffers.Add(new PooledBufferWriter(capacity));
        }

        var buffer = _buffers[_buffersUsed++];
        buffer.GetSpan(capacity);
        return buffer;
    }
}
