using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Net;

public sealed class VersionTests
{
    [Fact]
    public async Task Every_response_can_be_written_in_every_version_offered()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 2);
        await broker.ProduceAsync("t", 0, TestBroker.Batch("a"));
        var topic = (await broker.SendAsync(new MetadataRequest { Topics = null })).Topics[0].TopicId;
        var failures = new List<string>();
        foreach (var api in broker.Server.Apis)
        {
            for (var version = api.Lowest; version <= api.HighestOffered; version++)
            {
                foreach (var request in Requests(api.Key, version, topic))
                {
                    try
                    {
                        using var context = new RequestContext(version, "c", "/h");
                        var response = await broker.Server.HandleAsync(context, request);
                        using var buffer = new FrameBuffer();
                        MessageFrame.WriteResponse(buffer, response!, version, 1);
                    }
                    catch (ProtocolException e)
                    {
                        failures.Add($"{api.Key} {version}: {e.Message}");
                    }
                }
            }
        }

        Assert.Empty(failures);
    }

    /// <summary>An empty request of every API, and fuller ones where a version changes what an answer may hold.</summary>
    private static IEnumerable<IRequest> Requests(ApiKey key, short version, Guid topicId)
    {
        switch (key)
        {
            case ApiKey.ListOffsets:
                yield return new ListOffsetsRequest
                {
                    Topics = [new() { Name = "t", Partitions = [new() { Timestamp = -1 }, new() { Timestamp = 5 }] }],
                };
                break;
            case ApiKey.Metadata:
                yield return new MetadataRequest { Topics = version == 0 ? [] : null };
                yield return new MetadataRequest { Topics = [new() { Name = "none" }], AllowAutoTopicCreation = false };
                break;
            case ApiKey.Fetch:
                yield return new FetchRequest
                {
                    Topics = [new() { Topic = "t", TopicId = topicId, Partitions = [new() { PartitionMaxBytes = 100 }, new() { Partition = 9 }] }],
                };
                break;
            case ApiKey.JoinGroup:
                yield return new JoinGroupRequest
                {
                    GroupId = $"g{version}",
                    ProtocolType = "consumer",
                    SessionTimeoutMs = 10_000,
                    RebalanceTimeoutMs = 10_000,
                    Protocols = [new() { Name = "range", Metadata = [] }],
                };
                yield return new JoinGroupRequest { GroupId = "" };
                break;
            case ApiKey.DescribeConfigs:
                yield return new DescribeConfigsRequest
                {
                    IncludeSynonyms = true,
                    Resources = [new() { ResourceType = 2, ResourceName = "t" }, new() { ResourceType = 4, ResourceName = "1" }],
                };
                break;
            case ApiKey.FindCoordinator:
                yield return new FindCoordinatorRequest { Key = "g", CoordinatorKeys = ["g"] };
                yield return new FindCoordinatorRequest { Key = "g", CoordinatorKeys = ["g"], KeyType = 9 };
                break;
            case ApiKey.OffsetFetch:
                yield return new OffsetFetchRequest
                {
                    GroupId = "g",
                    Topics = [new() { Name = "t", PartitionIndexes = [0] }],
                    Groups = [new() { GroupId = "g" }],
                };
                break;
            case ApiKey.OffsetCommit:
                yield return new OffsetCommitRequest { GroupId = "g", Topics = [new() { Name = "t", Partitions = [new() { CommittedOffset = 3 }] }] };
                break;
            case ApiKey.DescribeGroups:
                yield return new DescribeGroupsRequest { Groups = ["g", "unknown"] };
                break;
            case ApiKey.CreateTopics:
                yield return new CreateTopicsRequest
                {
                    Topics = [new() { Name = $"c{version}", NumPartitions = 1, ReplicationFactor = 1 }, new() { Name = "t" }],
                };
                break;
            case ApiKey.DeleteTopics:
                yield return new DeleteTopicsRequest { TopicNames = version < 6 ? ["none"] : [], Topics = [new() { Name = "none" }] };
                break;
            case ApiKey.Produce:
                yield return new ProduceRequest
                {
                    Acks = 1,
                    TopicData = [new() { Name = "t", TopicId = topicId, PartitionData = [new() { Records = TestBroker.Batch("v") }, new() { Index = 9 }] }],
                };
                break;
            case ApiKey.InitProducerId:
                yield return new InitProducerIdRequest();
                yield return new InitProducerIdRequest { TransactionalId = "x", TransactionTimeoutMs = 1000 };
                break;
            default:
                var type = typeof(ApiVersionsRequest).Assembly.GetType($"StreamFlow.Protocol.Messages.{key}Request", throwOnError: true)!;
                yield return (IRequest)Activator.CreateInstance(type)!;
                break;
        }
    }
}
