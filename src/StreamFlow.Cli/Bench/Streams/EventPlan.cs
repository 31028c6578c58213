namespace StreamFlow.Cli.Bench.Streams;

/// <summary>Which events go into a topic.</summary>
/// <param name="Events">Events 0 … N-1 are looked at.</param>
/// <param name="Seed">Seed of all draws.</param>
/// <param name="Rate">Events per second of event time.</param>
/// <param name="Kind">bids, auctions, persons or all.</param>
/// <param name="Key">auction, bidder, uniform:K or none.</param>
/// <param name="Partitions">Partitions of the topic.</param>
internal sealed record EventPlan(long Events, long Seed, long Rate, string Kind, string Key, int Partitions);
