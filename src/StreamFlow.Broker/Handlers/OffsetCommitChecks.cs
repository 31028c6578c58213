using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Handlers;

/// <summary>What an offset has to fulfil before its group is asked, the same in and outside of transactions.</summary>
internal static class OffsetCommitChecks
{
    public static ErrorCode Check(TopicImage? topic, int partition, string? offsetMetadata, GroupSettings settings)
    {
        if (topic is null || partition < 0 || partition >= topic.PartitionCount)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        return offsetMetadata?.Length > settings.OffsetMetadataMaxSize ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None;
    }
}
