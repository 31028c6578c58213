using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Handlers;

/// <summary>Administration of many brokers, as the only one answers it.</summary>
public sealed class OneNodeAdminTests
{
    [Fact]
    public async Task Partition_may_be_moved_to_where_it_is_only()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var response = await broker.SendAsync(new AlterPartitionReassignmentsRequest
        {
            Topics =
            [
                new() { Name = "t", Partitions = [new() { Replicas = [1] }, new() { Replicas = [2] }, new() { Replicas = null }, new() { PartitionIndex = 5, Replicas = [1] }] },
            ],
        });

        Assert.Equal(
            [ErrorCode.None, ErrorCode.InvalidReplicaAssignment, ErrorCode.NoReassignmentInProgress, ErrorCode.UnknownTopicOrPartition],
            response.Responses[0].Partitions.Select(p => p.ErrorCode));
        Assert.Empty((await broker.SendAsync(new ListPartitionReassignmentsRequest())).Topics);
    }

    [Fact]
    public async Task Settings_of_this_broker_go_before_those_of_all()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { TopicDefaults = o.TopicDefaults.Add("retention.ms", "1") });
        await broker.CreateTopicAsync("t");
        await SetAsync(broker, "", "log.retention.ms", "2");
        await SetAsync(broker, "1", "log.retention.ms", "3");

        var described = await broker.SendAsync(new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            Resources = [new() { ResourceType = 2, ResourceName = "t", ConfigurationKeys = ["retention.ms"] }],
        });

        var config = Assert.Single(described.Results[0].Configs);
        Assert.Equal(("3", (sbyte)2), (config.Value, config.ConfigSource));
        Assert.Equal(
            ["log.retention.ms=3/2", "log.retention.ms=2/3", "log.retention.ms=1/4", "log.retention.hours=168/5"],
            config.Synonyms.Select(s => $"{s.Name}={s.Value}/{s.Source}"));
    }

    [Fact]
    public async Task Quorum_is_this_broker_alone()
    {
        await using var broker = await TestBroker.StartAsync();
        var quorum = await broker.SendAsync(new DescribeQuorumRequest
        {
            Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }],
        });

        var partition = quorum.Topics[0].Partitions[0];
        Assert.Equal((ErrorCode.None, 1), (partition.ErrorCode, partition.LeaderId));
        Assert.Equal([1], partition.CurrentVoters.Select(v => v.ReplicaId));
    }

    [Fact]
    public async Task Acks_1_waits_for_the_disk_when_flush_messages_says_so()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 1, ("flush.messages", "1"));
        Assert.Equal(ErrorCode.None, (await broker.ProduceAsync("t", 0, TestBroker.Batch("a"), acks: 1)).ErrorCode);
    }

    private static async Task SetAsync(TestBroker broker, string resource, string name, string value) =>
        Assert.Equal(ErrorCode.None, (await broker.SendAsync(new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 4, ResourceName = resource, Configs = [new() { Name = name, Value = value }] }],
        })).Responses[0].ErrorCode);
}
