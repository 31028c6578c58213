using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Transport;

/// <summary>What one broker offers, and the highest version of each API that both sides have.</summary>
internal sealed class NegotiatedVersions
{
    private const string TransactionVersionFeature = "transaction.version";

    private readonly Dictionary<ApiKey, (short Min, short Max)> _offered = [];
    private readonly string _broker;

    public NegotiatedVersions(ApiVersionsResponse response, string broker)
    {
        _broker = broker;
        foreach (var api in response.ApiKeys)
        {
            _offered[(ApiKey)api.ApiKey] = (api.MinVersion, api.MaxVersion);
        }

        foreach (var feature in response.FinalizedFeatures)
        {
            if (feature.Name == TransactionVersionFeature)
            {
                TransactionVersion = feature.MaxVersionLevel;
            }
        }
    }

    /// <summary>The finalised feature <c>transaction.version</c>; 2 means KIP-890.</summary>
    public short TransactionVersion { get; }

    /// <summary>Finds the newest version that both sides have.</summary>
    /// <param name="api">What is asked for.</param>
    /// <param name="limit">The newest version to use.</param>
    /// <param name="version">The version.</param>
    /// <returns>False when there is none; <see cref="Pick"/> says why.</returns>
    public bool TryPick(ApiKey api, short limit, out short version)
    {
        var ours = ApiVersions.Of(api);
        version = -1;
        if (_offered.TryGetValue(api, out var theirs))
        {
            version = Math.Min(limit, Math.Min(ours.HighestOffered, theirs.Max));
        }

        return version >= Math.Max(ours.Lowest, theirs.Min);
    }

    /// <summary>The newest version that both sides have, at most <paramref name="limit"/>.</summary>
    /// <exception cref="BrokerException">There is none.</exception>
    public short Pick(ApiKey api, short limit = short.MaxValue)
    {
        if (TryPick(api, limit, out var version))
        {
            return version;
        }

        var ours = ApiVersions.Of(api);
        throw new BrokerException(
            ErrorCode.UnsupportedVersion, $"{api} at {_broker}",
            _offered.TryGetValue(api, out var theirs)
                ? $"the broker offers {theirs.Min} to {theirs.Max}, this client {ours.Lowest} to {ours.HighestOffered}"
                : "the broker does not offer this API");
    }

    public bool Offers(ApiKey api, short version) =>
        _offered.TryGetValue(api, out var theirs) && theirs.Min <= version && version <= theirs.Max;
}
