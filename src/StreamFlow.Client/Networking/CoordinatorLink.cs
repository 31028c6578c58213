using StreamFlow.Client.Metadata;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Networking;

/// <summary>
/// The way to the broker that coordinates one group or one transactional id. Finds it when needed and again when it has moved. Thread safe.
/// </summary>
internal sealed class CoordinatorLink(
    MetadataCache metadata, ChannelSet channels, CoordinatorKind kind, string key, Lane lane)
{
    // One key is asked for at a time, so the last layout without lists will do; every broker has it.
    private const short OneKeyVersion = 3;

    private BrokerChannel? _channel;

    /// <summary>Sends to the coordinator. An answer that says it has moved makes the next call look for it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="errorOf">Finds the first error in an answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="limit">The newest version to use.</param>
    /// <param name="timeout">How long the coordinator may take; null for the usual time.</param>
    public async Task<TResponse> SendAsync<TResponse>(
        IRequest<TResponse> request,
        Func<TResponse, ErrorCode> errorOf,
        CancellationToken cancellationToken,
        short limit = short.MaxValue,
        TimeSpan? timeout = null)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        var channel = await FindAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var answer = (await channel.SendAsync(request, cancellationToken, limit, timeout).ConfigureAwait(false)).Message;
            if (errorOf(answer) is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable)
            {
                Forget(channel);
            }

            return answer;
        }
        catch (BrokerException e) when (e.ErrorCode is ErrorCode.NetworkException or ErrorCode.RequestTimedOut)
        {
            Forget(channel);
            throw;
        }
    }

    /// <summary>What the coordinator offers.</summary>
    public async Task<NegotiatedVersions> GetVersionsAsync(CancellationToken cancellationToken) =>
        await (await FindAsync(cancellationToken).ConfigureAwait(false)).GetVersionsAsync(cancellationToken).ConfigureAwait(false);

    private ValueTask<BrokerChannel> FindAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _channel) is { } channel ? new(channel) : LookUpAsync(cancellationToken);

    private async ValueTask<BrokerChannel> LookUpAsync(CancellationToken cancellationToken)
    {
        var cluster = await metadata.GetClusterAsync(cancellationToken).ConfigureAwait(false);
        var request = new FindCoordinatorRequest { Key = key, KeyType = (sbyte)kind };
        var answer = await channels.SendToAnyAsync(cluster, request, cancellationToken, OneKeyVersion).ConfigureAwait(false);
        if (answer.ErrorCode != ErrorCode.None)
        {
            throw new BrokerException(answer.ErrorCode, $"find the coordinator of {kind} '{key}'", answer.ErrorMessage);
        }

        var channel = channels.Get(new BrokerEndpoint(answer.Host, answer.Port), lane);
        Volatile.Write(ref _channel, channel);
        return channel;
    }

    private void Forget(BrokerChannel channel) => Interlocked.CompareExchange(ref _channel, null, channel);
}
