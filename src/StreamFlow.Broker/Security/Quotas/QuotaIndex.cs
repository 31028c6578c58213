using System.Collections.Immutable;

namespace StreamFlow.Broker.Security.Quotas;

/// <summary>Finds the quota of a client: the most special one there is counts (KIP-55). Pure and immutable.</summary>
internal sealed class QuotaIndex(ImmutableDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>> quotas)
{
    /// <summary>Whether there is any.</summary>
    public bool IsEmpty => quotas.IsEmpty;

    /// <summary>The quota of a client, and whose use counts against it together.</summary>
    /// <param name="key">Which quota.</param>
    /// <param name="user">The client's user.</param>
    /// <param name="clientId">The client's id.</param>
    /// <returns>Null when it has none.</returns>
    public (QuotaEntity Counted, double Limit)? Find(string key, string user, string clientId)
    {
        var both = new QuotaEntity(user, clientId, null);
        var alone = new QuotaEntity(user, null, null);
        var anyUser = new QuotaEntity(null, clientId, null);
        return Limit(key, both, both)
            ?? Limit(key, new QuotaEntity(user, "", null), both)
            ?? Limit(key, alone, alone)
            ?? Limit(key, new QuotaEntity("", clientId, null), both)
            ?? Limit(key, new QuotaEntity("", "", null), both)
            ?? Limit(key, new QuotaEntity("", null, null), alone)
            ?? Limit(key, anyUser, anyUser)
            ?? Limit(key, new QuotaEntity(null, "", null), anyUser);
    }

    /// <summary>The limit of connections per second of an address, or null.</summary>
    public double? FindForAddress(string ip)
    {
        var own = new QuotaEntity(null, null, ip);
        return (Limit(QuotaKeys.Connection, own, own) ?? Limit(QuotaKeys.Connection, new QuotaEntity(null, null, ""), own))?.Limit;
    }

    private (QuotaEntity Counted, double Limit)? Limit(string key, QuotaEntity configured, QuotaEntity counted) =>
        quotas.TryGetValue(configured, out var values) && values.TryGetValue(key, out var limit) ? (counted, limit) : null;
}
