using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>One partition of a fetch.</summary>
/// <param name="Topic">The topic of the request it belongs to.</param>
/// <param name="Wanted">What is asked for.</param>
/// <param name="Partition">Where to read, null when there is no such partition.</param>
/// <param name="Error">Why there is none.</param>
internal readonly record struct FetchPartition(
    FetchRequest.FetchTopic Topic, FetchRequest.FetchPartition Wanted, Partition? Partition, ErrorCode Error);
