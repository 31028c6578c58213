using System.Runtime.CompilerServices;
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
    private readonly CancellationTokenSource _closing = new();
    private int _isClosed;

    public bool IsOpen => Volatile.Read(ref _isClosed) == 0;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply<TResponse>> SendAsync<TResponse>(
        IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        var call = Begin(version, cancellationToken);
        var isLent = false;
        try
        {
            var response = (TResponse?)await broker.HandleAsync(call.Context, request).ConfigureAwait(false) ?? new TResponse();
            isLent = LentReplies.Contains(request.ApiKey);
            return new(response, isLent ? call.Lend() : null);
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Lost();
        }
        finally
        {
            if (!isLent)
            {
                call.Drop();
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

    /// <summary>A call; the connection may be closed by somebody else at any moment.</summary>
    private InProcessCall Begin(short version, CancellationToken cancellationToken)
    {
        try
        {
            return InProcessCall.Begin(version, clientId, _closing.Token, cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            throw Lost();
        }
    }

    private static BrokerException Lost() =>
        new(ErrorCode.NetworkException, "call to the embedded broker", "the broker or the client was stopped");
}
