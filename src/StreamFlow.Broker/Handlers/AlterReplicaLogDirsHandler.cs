using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Moves replicas between log directories (KIP-113). There is one directory: everything is where it can be.</summary>
internal sealed class AlterReplicaLogDirsHandler(PartitionManager partitions, BrokerOptions options)
    : RequestHandler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>
{
    protected override ValueTask<AlterReplicaLogDirsResponse?> HandleAsync(RequestContext context, AlterReplicaLogDirsRequest request)
    {
        var response = new AlterReplicaLogDirsResponse();
        foreach (var directory in request.Dirs)
        {
            var isOurs = IsPath(directory.Path) && Path.GetFullPath(directory.Path) == Path.GetFullPath(options.DataDirectory);
            foreach (var topic in directory.Topics)
            {
                var answered = response.Results.Find(r => r.TopicName == topic.Name);
                if (answered is null)
                {
                    answered = new() { TopicName = topic.Name };
                    response.Results.Add(answered);
                }

                answered.Partitions.AddRange(topic.Partitions.Select(p => new AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult
                {
                    PartitionIndex = p,
                    ErrorCode = !isOurs
                        ? ErrorCode.LogDirNotFound
                        : partitions.TryGet(topic.Name, p, out _) ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition,
                }));
            }
        }

        return new(response);
    }

    private static bool IsPath(string path) => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal);
}
