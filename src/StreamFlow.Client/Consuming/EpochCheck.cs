using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Consuming;

/// <summary>A partition whose leader is new since it was read last: does its log still hold what was read?</summary>
/// <param name="Asked">Where it is fetched next, and the new leader's epoch.</param>
/// <param name="Epoch">The leader epoch of the record before.</param>
internal readonly record struct EpochCheck(AskedPartition Asked, int Epoch)
{
    public TopicPartition Partition => Asked.Partition;
}
