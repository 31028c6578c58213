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

    /// <summary>The newest version that both sides have, at most <paramref name="limit"/>.</summary>
    /// <exception cref="BrokerException">There is none.</exception>
    public short Pick(ApiKey api, short limit = short.MaxValue)
    {
        var ours = ApiVersions.Of(api);
        if (!_offered.TryGetValue(api, out var theirs))
        {
            throw new BrokerException(ErrorCode.UnsupportedVersion, $"{api} at {_broker}", "the broker does not offer this API");
        }

        var version = Math.Min(limit, Math.Min(ours.HighestOffered, theirs.Max));
        return version >= Math.Max(ours.Lowest, theirs.Min)
            ? version
            : throw new BrokerException(
                ErrorCode.UnsupportedVersion, $"{api} at {_broker}",
                    $"the broker offers {theirs.Min} to {theirs.Max}, this client {ours.Lowest} to {ours.HighestOffered}");
    }

    public bool Offers(ApiKey api, short version) =>
        _offered.TryGetValue(api, out var theirs) && theirs.Min <= version && version <= theirs.Max;
}
