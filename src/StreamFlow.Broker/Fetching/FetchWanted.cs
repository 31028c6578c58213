using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Fetching;

/// <summary>What a client wants of a partition: a copy, because the request's own objects are used again.</summary>
/// <param name="FetchOffset">The first offset wanted.</param>
/// <param name="PartitionMaxBytes">The most bytes.</param>
/// <param name="CurrentLeaderEpoch">The leader epoch that the client believes in; -1 for none.</param>
/// <param name="LastFetchedEpoch">The epoch of the last record that it has; -1 for none.</param>
internal readonly record struct FetchWanted(long FetchOffset, int PartitionMaxBytes, int CurrentLeaderEpoch, int LastFetchedEpoch)
{
    public static FetchWanted Of(FetchRequest.FetchPartition wanted) =>
        new(wanted.FetchOffset, wanted.PartitionMaxBytes, wanted.CurrentLeaderEpoch, wanted.LastFetchedEpoch);
}
