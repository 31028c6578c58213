using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;

namespace StreamFlow.Client.Administration;

/// <summary>How the admin client reaches brokers: any one, all, or the leaders of partitions; with retries.</summary>
internal sealed class AdminCalls(ClientContext context, MetadataCache metadata, ChannelSet channels)
{
    public ClientContext Context => context;

    public MetadataCache Metadata => metadata;

    public ChannelSet Channels => channels;

    public int TimeoutMs => (int)context.Options.RequestTimeout.TotalMilliseconds;

    /// <summary>Asks any broker, again while the answer's error is retriable.</summary>
    public Task<TResponse> AnyAsync<TResponse>(
        IRequest<TResponse> request, Func<TResponse, StreamFlowException?> errorOf, CancellationToken cancellationToken,
            short limit = short.MaxValue)
        where TResponse : class, IResponse, IVersioned<TResponse>, new() =>
        RetryAsync(
            async token =>
            {
                var cluster = await metadata.GetClusterAsync(token).ConfigureAwait(false);
                var answer = await channels.SendToAnyAsync(cluster, request, token, limit).ConfigureAwait(false);
                return errorOf(answer) is { } error ? throw error : answer;
            },
            cancellationToken);

    /// <summary>Asks every broker, one after the other.</summary>
    public Task<List<TResponse>> AllAsync<TResponse>(
        IRequest<TResponse> request, Func<TResponse, StreamFlowException?> errorOf, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new() =>
        RetryAsync(
            async token =>
            {
                await metadata.RefreshAsync(metadata.Current.Generation, token).ConfigureAwait(false);
                var cluster = metadata.Current;
                var answers = new List<TResponse>();
                foreach (var broker in cluster.Brokers.Keys)
                {
                    var answer = (await channels.Get(
                        cluster, broker, Lane.General).SendAsync(request, token).ConfigureAwait(false)).Message;
                    answers.Add(errorOf(answer) is { } error ? throw error : answer);
                }

                return answers;
            },
            cancellationToken);

    /// <summary>Asks the coordinator of a group or transactional id.</summary>
    public Task<TResponse> CoordinatorAsync<TResponse>(
        CoordinatorKind kind,
        string key,
        IRequest<TResponse> request,
        Func<TResponse, ErrorCode> errorOf,
        string what,
        CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        var link = new CoordinatorLink(metadata, channels, kind, key, Lane.General);
        return RetryAsync(
            async token =>
            {
                var answer = await link.SendAsync(request, errorOf, token).ConfigureAwait(false);
                return errorOf(answer) is not ErrorCode.None and var error ? throw new BrokerException(error, what) : answer;
            },
            cancellationToken);
    }

    public Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        context.Backoff.RetryAsync(call, context.Options.ApiTimeout, cancellationToken);

    /// <summary>The first error of an answer's parts.</summary>
    public static StreamFlowException? FirstError<T>(
        IEnumerable<T> parts, Func<T, ErrorCode> errorOf, Func<T, string> what, Func<T, string?> detail)
    {
        foreach (var part in parts)
        {
            if (errorOf(part) is not ErrorCode.None and var error)
            {
                return new BrokerException(error, what(part), detail(part));
            }
        }

        return null;
    }
}
