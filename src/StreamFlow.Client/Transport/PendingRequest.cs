using StreamFlow.Core.Errors;
using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>A request on the wire, waiting for its answer.</summary>
internal abstract class PendingRequest(ApiKey apiKey, short version, int correlationId, long deadline)
{
    public ApiKey ApiKey { get; } = apiKey;

    public short Version { get; } = version;

    public int CorrelationId { get; } = correlationId;

    /// <summary>Timestamp of the clock after which the connection is given up.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>Reads the body and ends the wait.</summary>
    public abstract void Complete(ref ProtocolReader reader, SharedBuffer? buffer);

    /// <summary>Ends the wait of a request that is not answered.</summary>
    public abstract void CompleteUnanswered();

    public abstract void Fail(Exception error);
}

/// <inheritdoc cref="PendingRequest"/>
internal sealed class PendingRequest<TResponse>(ApiKey apiKey, short version, int correlationId, long deadline)
    : PendingRequest(apiKey, version, correlationId, deadline)
    where TResponse : class, IResponse, IVersioned<TResponse>, new()
{
    // What waits for these is the client's own, quick, and there is one a batch: it runs on the thread that reads, because handing it to
    // another costs more than doing it. What waits for the others may be the application's.
    private readonly TaskCompletionSource<Reply<TResponse>> _completion = new(
        apiKey is ApiKey.Produce or ApiKey.Fetch ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Reply<TResponse>> Task => _completion.Task;

    public override void Complete(ref ProtocolReader reader, SharedBuffer? buffer)
    {
        var message = TResponse.Read(ref reader, LayoutOf(reader));
        if (!_completion.TrySetResult(new(message, buffer)))
        {
            buffer?.Release();
        }
    }

    public override void CompleteUnanswered() => _completion.TrySetResult(new(new TResponse(), null));

    public override void Fail(Exception error) => _completion.TrySetException(error);

    /// <summary>Stops waiting; the answer is read and dropped when it comes.</summary>
    public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);

    // A broker that does not know this version of ApiVersions says so in the layout of version 0 (KIP-511).
    private short LayoutOf(ProtocolReader reader) =>
        ApiKey == ApiKey.ApiVersions && reader.Remaining >= 2
            && reader.ReadInt16() == (short)ErrorCode.UnsupportedVersion ? (short)0 : Version;
}
