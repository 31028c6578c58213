using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// Fetches ahead for all assigned partitions: per broker one fetch at a time, and a second one for partitions that become fetchable while
/// the first waits at the broker.
/// </summary>
internal sealed class Fetcher(
    ClientContext context, MetadataCache metadata, ChannelSet channels, ConsumerOptions options, PartitionTable table, AsyncSignal arrived)
    : IAsyncDisposable
{
    private readonly Dictionary<(int Broker, Lane Lane), BrokerFetcher> _fetchers = [];

    /// <summary>
    /// Lets fetchers look for work: partitions, positions, pauses or leaders have changed, or room was made. Called by one thread at a
    /// time.
    /// </summary>
    /// <returns>Whether some assigned partition has no leader at the moment.</returns>
    public bool Wake()
    {
        var lacksLeader = false;
        var cluster = metadata.Current;
        foreach (var partition in table.Partitions)
        {
            var leader = cluster.LeaderOf(partition);
            if (leader < 0 || !cluster.Brokers.ContainsKey(leader))
            {
                metadata.Remember(partition.Topic);
                lacksLeader = true;
                continue;
            }

            Ensure(leader, Lane.Fetch);
            Ensure(leader, Lane.SecondFetch);
        }

        foreach (var fetcher in _fetchers.Values)
        {
            fetcher.Wake();
        }

        return lacksLeader;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var fetcher in _fetchers.Values)
        {
            await fetcher.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Ensure(int broker, Lane lane)
    {
        if (!_fetchers.ContainsKey((broker, lane)))
        {
            _fetchers.Add((broker, lane), new BrokerFetcher(context, metadata, channels, options, table, arrived, broker, lane));
        }
    }
}
