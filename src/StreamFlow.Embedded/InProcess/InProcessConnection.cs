using StreamFlow.Broker;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;

namespace StreamFlow.Embedded.InProcess;

/// <summary>
/// A connection that is a call: requests and responses pass as objects, only record batches are bytes. Requests run side by side, so a
/// fetch that waits holds nobody up.
/// </summary>
internal sealed class InProcessConnection(BrokerServer broker, string clientId) : IBrokerConnection
{
    private const string ClientHost = "in-process";

    private readonly CancellationTokenSource _closing = new();
    private int _isClosed;

    public bool IsOpen => Volatile.Read(ref _isClosed) == 0;

    public async ValueTask<Reply<TResponse>> SendAsync<TResponse>(
        IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        using var aborted = Begin(cancellationToken);
        var context = new RequestContext(version, clientId, ClientHost, aborted.Token);
        SharedBuffer? buffer = null;
        try
        {
            var response = (TResponse?)await broker.HandleAsync(context, request).ConfigureAwait(false) ?? new TResponse();
            if (request.ApiKey is ApiKey.Fetch or ApiKey.ShareFetch)
            {
                buffer = new SharedBuffer(context.Dispose);
            }

            return new(response, buffer);
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Lost();
        }
        finally
        {
            if (buffer is null)
            {
                context.Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            await _closing.CancelAsync().ConfigureAwait(false);
            _closing.Dispose();
        }
    }

    /// <summary>The call's own cancellation; the connection may be closed by somebody else at any moment.</summary>
    private CancellationTokenSource Begin(CancellationToken cancellationToken)
    {
        try
        {
            return CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            throw Lost();
        }
    }

    private static BrokerException Lost() =>
        new(ErrorCode.NetworkException, "call to the embedded broker", "the broker or the client was stopped");
}
