using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes the data directory and the sizes of the logs in it.</summary>
internal sealed class DescribeLogDirsHandler(PartitionManager partitions, IFileSystem files, BrokerOptions options)
    : RequestHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>
{
    protected override ValueTask<DescribeLogDirsResponse?> HandleAsync(RequestContext context, DescribeLogDirsRequest request)
    {
        var wanted = request.Topics?.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p))).ToHashSet();
        var result = new DescribeLogDirsResponse.DescribeLogDirsResult { LogDir = options.DataDirectory };
        try
        {
            result.UsableBytes = files.FreeBytes(options.DataDirectory);
        }
        catch (StorageException)
        {
            result.ErrorCode = ErrorCode.KafkaStorageError;
        }

        var shown = partitions.All().Where(p => wanted is null || wanted.Contains(p.Id));
        foreach (var topic in shown.GroupBy(p => p.Id.Topic, StringComparer.Ordinal))
        {
            result.Topics.Add(new()
            {
                Name = topic.Key,
                Partitions =
                [
                    .. topic.Select(p => new DescribeLogDirsResponse.DescribeLogDirsPartition
                    {
                        PartitionIndex = p.Id.Partition,
                        PartitionSize = p.SizeInBytes,
                    }),
                ],
            });
        }

        return new(new DescribeLogDirsResponse { Results = [result] });
    }
}
