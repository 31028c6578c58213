using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>
/// A connection to one broker. Requests may be sent without waiting for earlier answers; answers come in order. After any failure the
/// connection is closed for good: an answer that comes late would be taken for another one. Thread safe.
/// </summary>
public interface IBrokerConnection : IAsyncDisposable
{
    /// <summary>False after a failure or dispose.</summary>
    bool IsOpen { get; }

    /// <summary>Sends a request and waits for its answer. A Produce request with acks=0 has none and ends with an empty one.</summary>
    /// <typeparam name="TResponse">The answer's type.</typeparam>
    /// <param name="request">The request; unchanged by the caller until the answer is there.</param>
    /// <param name="version">The version, of those that both sides have.</param>
    /// <param name="timeout">Without an answer in this time the connection is closed.</param>
    /// <param name="cancellationToken">Ends the wait; the answer is dropped when it comes.</param>
    /// <exception cref="Core.Errors.BrokerException">
    /// With <see cref="Core.Errors.ErrorCode.NetworkException"/> or <see cref="Core.Errors.ErrorCode.RequestTimedOut"/>: whether the
    /// broker acted is not known.
    /// </exception>
    ValueTask<Reply<TResponse>> SendAsync<TResponse>(
        IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new();
}
