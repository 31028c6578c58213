using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes the quorum that keeps the metadata log (KIP-595): this broker alone, which is always caught up.</summary>
internal sealed class DescribeQuorumHandler(MetadataLog metadata, BrokerIdentity identity, BrokerClock clock)
    : RequestHandler<DescribeQuorumRequest, DescribeQuorumResponse>
{
    protected override ValueTask<DescribeQuorumResponse?> HandleAsync(RequestContext context, DescribeQuorumRequest request)
    {
        if (request.Topics is not [{ TopicName: MetadataLog.TopicName, Partitions: [{ PartitionIndex: 0 }] }])
        {
            return new(new DescribeQuorumResponse
            {
                Topics =
                [
                    .. request.Topics.Select(t => new DescribeQuorumResponse.TopicData
                    {
                        TopicName = t.TopicName,
                        Partitions =
                        [
                            .. t.Partitions.Select(p => new DescribeQuorumResponse.PartitionData
                            {
                                PartitionIndex = p.PartitionIndex,
                                ErrorCode = ErrorCode.UnknownTopicOrPartition,
                                ErrorMessage = ErrorCodes.Describe(ErrorCode.UnknownTopicOrPartition),
                            }),
                        ],
                    }),
                ],
            });
        }

        var end = metadata.EndOffset;
        var address = identity.AddressFor(context);
        return new(new DescribeQuorumResponse
        {
            Topics =
            [
                new()
                {
                    TopicName = MetadataLog.TopicName,
                    Partitions =
                    [
                        new()
                        {
                            LeaderId = identity.NodeId,
                            LeaderEpoch = Partitions.Partition.LeaderEpoch,
                            HighWatermark = end,
                            CurrentVoters =
                            [
                                new()
                                {
                                    ReplicaId = identity.NodeId,
                                    LogEndOffset = end,
                                    LastFetchTimestamp = clock.NowMs,
                                    LastCaughtUpTimestamp = clock.NowMs,
                                },
                            ],
                        },
                    ],
                },
            ],
            Nodes = [new() { NodeId = identity.NodeId, Listeners = [new() { Name = "CONTROLLER", Host = address.Host,
                Port = (ushort)address.Port }] }],
        });
    }
}
