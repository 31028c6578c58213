using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// The features that clients ask for before they use what depends on them (KIP-584). All of them are on: one that is not whole is not here.
/// </summary>
internal static class Features
{
    private static readonly (string Name, short Level)[] All =
    [
        // 1: the groups of KIP-848.
        ("group.version", 1),

        // 1: the share groups of KIP-932.
        ("share.version", 1),

        // 1: the groups of KIP-1071.
        ("streams.version", 1),

        // 2: partitions add themselves to transactions, and each transaction has an epoch of its own (KIP-890).
        ("transaction.version", 2),
    ];

    /// <summary>Adds what is supported and on.</summary>
    /// <param name="response">The response.</param>
    /// <param name="version">
    /// Its version. Before 4 a feature that can be off must not be named as supported: old Java clients cannot read it (KAFKA-17011).
    /// </param>
    public static void AddTo(ApiVersionsResponse response, short version)
    {
        response.FinalizedFeaturesEpoch = 0;
        foreach (var (name, level) in All)
        {
            response.FinalizedFeatures.Add(new() { Name = name, MinVersionLevel = level, MaxVersionLevel = level });
            if (version >= 4)
            {
                response.SupportedFeatures.Add(new() { Name = name, MinVersion = 0, MaxVersion = level });
            }
        }
    }
}
