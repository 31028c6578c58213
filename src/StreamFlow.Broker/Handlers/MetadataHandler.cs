using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Tells brokers, topics and leaders, and creates topics that are asked for when that is allowed.</summary>
internal sealed class MetadataHandler(MetadataLog metadata, TopicAdmin admin, BrokerOptions options, BrokerIdentity identity)
    : RequestHandler<MetadataRequest, MetadataResponse>
{
    /// <summary>Versions 10 and 11 have room for ids, and no use for them.</summary>
    private const short FirstVersionWithIds = 12;

    private static readonly Dictionary<string, string> NoConfigs = [];

    protected override async ValueTask<MetadataResponse?> HandleAsync(RequestContext context, MetadataRequest request)
    {
        var address = identity.AddressFor(context);
        var response = new MetadataResponse
        {
            Brokers = [new() { NodeId = identity.NodeId, Host = address.Host, Port = address.Port, Rack = identity.Rack }],
            ClusterId = identity.ClusterId,
            ControllerId = identity.NodeId,
        };
        var wantsAll = request.Topics is null || (context.ApiVersion == 0 && request.Topics.Count == 0);
        if (wantsAll)
        {
            foreach (var topic in metadata.Image.Topics.Values)
            {
                response.Topics.Add(Describe(topic));
            }

            return response;
        }

        if (request.Topics!.Exists(t => t.TopicId != Guid.Empty || t.Name is null) && context.ApiVersion < FirstVersionWithIds)
        {
            return new()
            {
                ClusterId = identity.ClusterId,
                Topics = request.Topics.ConvertAll(t => new MetadataResponse.MetadataResponseTopic
                {
                    Name = t.Name ?? "",
                    TopicId = t.TopicId,
                    ErrorCode = ErrorCode.InvalidRequest,
                }),
            };
        }

        var mayCreate = options.AutoCreateTopics && (context.ApiVersion < 4 || request.AllowAutoTopicCreation);
        foreach (var wanted in request.Topics)
        {
            response.Topics.Add(wanted.TopicId == Guid.Empty && wanted.Name is { } name
                ? await DescribeByNameAsync(name, mayCreate).ConfigureAwait(false)
                : DescribeById(wanted.TopicId));
        }

        return response;
    }

    private MetadataResponse.MetadataResponseTopic DescribeById(Guid id) =>
        metadata.Image.TopicsById.TryGetValue(id, out var topic)
            ? Describe(topic)
            : new() { ErrorCode = ErrorCode.UnknownTopicId, TopicId = id, Name = null };

    private async ValueTask<MetadataResponse.MetadataResponseTopic> DescribeByNameAsync(string name, bool mayCreate)
    {
        if (metadata.Image.Topics.TryGetValue(name, out var topic))
        {
            return Describe(topic);
        }

        if (TopicName.WhyInvalid(name) is not null)
        {
            return new() { ErrorCode = ErrorCode.InvalidTopicException, Name = name };
        }

        if (!mayCreate || TopicImage.IsInternalName(name))
        {
            return new() { ErrorCode = ErrorCode.UnknownTopicOrPartition, Name = name };
        }

        var result = await admin.CreateAsync(name, -1, NoConfigs, validateOnly: false).ConfigureAwait(false);
        return result.Error is ErrorCode.None or ErrorCode.TopicAlreadyExists && metadata.Image.Topics.TryGetValue(name, out topic)
            ? Describe(topic)
            : new() { ErrorCode = result.Error, Name = name };
    }

    private MetadataResponse.MetadataResponseTopic Describe(TopicImage topic)
    {
        var described = new MetadataResponse.MetadataResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = topic.IsInternal,
            Partitions = new(topic.PartitionCount),
        };
        for (var i = 0; i < topic.PartitionCount; i++)
        {
            described.Partitions.Add(new()
            {
                PartitionIndex = i,
                LeaderId = identity.NodeId,
                LeaderEpoch = Partitions.Partition.LeaderEpoch,
                ReplicaNodes = [identity.NodeId],
                IsrNodes = [identity.NodeId],
            });
        }

        return described;
    }
}
