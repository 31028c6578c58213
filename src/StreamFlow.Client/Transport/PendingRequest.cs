using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>A request on the wire, waiting for its answer.</summary>
internal abstract class PendingRequest
{
    public ApiKey ApiKey { get; private set; }

    /// <summary>What is asked, for errors.</summary>
    public abstract string Subject { get; }

    public short Version { get; private set; }

    public int CorrelationId { get; private set; }

    /// <summary>Timestamp of the clock after which the connection is given up.</summary>
    public long Deadline { get; private set; }

    /// <summary>Reads the body and ends the wait. The connection does not touch the request after that.</summary>
    public abstract void Complete(ref ProtocolReader reader, SharedBuffer? buffer);

    /// <summary>Ends the wait of a request that is not answered.</summary>
    public abstract void CompleteUnanswered();

    /// <summary>Ends the wait with an error. The connection does not touch the request after that.</summary>
    public abstract void Fail(Exception error);

    protected void Begin(ApiKey apiKey, short version, int correlationId, long deadline) =>
        (ApiKey, Version, CorrelationId, Deadline) = (apiKey, version, correlationId, deadline);
}
