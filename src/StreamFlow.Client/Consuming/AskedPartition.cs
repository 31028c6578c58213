using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>A partition that a fetch on its way asks for.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Offset">The first offset wanted.</param>
/// <param name="Version">The version of its state when it was asked for.</param>
/// <param name="LeaderEpoch">The epoch of the leader that is asked, -1 when it is not known.</param>
internal readonly record struct AskedPartition(TopicPartition Partition, long Offset, int Version, int LeaderEpoch = -1)
{
    /// <summary>Whether nobody has moved the position since.</summary>
    public bool IsStillWanted(PartitionState state) => state.Version == Version && state.FetchOffset == Offset;
}
