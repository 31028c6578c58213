using StreamFlow.Protocol.Messages;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>Topics: made, grown, described and deleted, rightly and wrongly.</summary>
internal static class TopicExchanges
{
    public static IEnumerable<Exchange> All() =>
    [
        Create("create", 7, Topic("made", 3)),
        Create("create with settings", 7, Topic("set", 1, 1, ("cleanup.policy", "compact"), ("retention.ms", "1000"))),
        Create("create with defaults", 5, Topic("defaults", -1, -1)),
        Create("create again", 7, Topic("made", 1)),
        Create("create twice in one", 7, Topic("twice", 1), Topic("twice", 1)),
        Create("create no partitions", 7, Topic("bad", 0)),
        Create("create minus two partitions", 7, Topic("bad", -2)),
        Create("create no replicas", 7, Topic("bad", 1, 0)),
        Create("create two replicas", 7, Topic("bad", 1, 2)),
        Create("create bad name", 7, Topic("a b", 1)),
        Create("create empty name", 7, Topic("", 1)),
        Create("create dot", 7, Topic(".", 1)),
        Create("create long name", 7, Topic(new string('x', 250), 1)),
        Create("create first of two that collide", 7, Topic("co.llide", 1)),
        Create("create colliding", 7, Topic("co_llide", 1)),
        Create("create unknown setting", 7, Topic("bad", 1, 1, ("no.such", "1"))),
        Create("create bad value", 7, Topic("bad", 1, 1, ("retention.ms", "soon"))),
        Create("create bad policy", 7, Topic("bad", 1, 1, ("cleanup.policy", "shred"))),
        new("create small segment", 7, () => new CreateTopicsRequest
        {
            Topics = [Topic("bad", 1, 1, ("segment.bytes", "1024"))],
            ValidateOnly = true,
        }),
        Create("create null value", 7, Topic("bad", 1, 1, ("retention.ms", null))),
        Create("create assigned", 7, Assigned("assigned", [0, 1], [1])),
        Create("create assigned to nobody", 7, Assigned("bad", [0], [])),
        Create("create assigned elsewhere", 7, Assigned("bad", [0], [9])),
        Create("create assigned twice", 7, Assigned("bad", [0], [1, 1])),
        Create("create assigned with gap", 7, Assigned("bad", [0, 2], [1])),
        Create("create assigned same partition", 7, Assigned("bad", [0, 0], [1])),
        Create("create assigned and counted", 7, AssignedAndCounted()),
        new("create to check", 7, () => new CreateTopicsRequest { Topics = [Topic("unmade", 2)], ValidateOnly = true }),
        new("create none", 7, () => new CreateTopicsRequest()),
        .. Metadata(), .. Grow(), .. Pages(), .. Delete(),
    ];

    private static IEnumerable<Exchange> Metadata() =>
    [
        new("metadata of a topic", 12, () => Names("made")),
        new("metadata old", 0, () => Old("made")),
        new("metadata v1", 1, () => Old("made")),
        new("metadata v13", 13, () => Names("made", "set")),
        new("metadata of none", 1, () => new MetadataRequest { Topics = [] }),
        new("metadata unknown", 12, () => Names("nowhere")),
        new("metadata bad name", 12, () => Names("a b")),
        new("metadata empty name", 12, () => Names("")),
        new("metadata unknown id", 12, () => new MetadataRequest
        {
            Topics = [new() { TopicId = new Guid("0b0d1111-2222-4333-8444-555566667777"), Name = null }],
            AllowAutoTopicCreation = false,
        }),
        new("metadata id in v11", 11, () => new MetadataRequest
        {
            Topics = [new() { Name = "made", TopicId = new Guid("0b0d1111-2222-4333-8444-555566667777") }],
        }),
        new("metadata twice", 12, () => Names("made", "made")),
        new("metadata operations", 10, () => new MetadataRequest
        {
            Topics = [new() { Name = "made" }],
            IncludeClusterAuthorizedOperations = true,
            IncludeTopicAuthorizedOperations = true,
        }),
        new("cluster", 2, () => new DescribeClusterRequest { IncludeClusterAuthorizedOperations = true }),
        new("cluster of controllers", 2, () => new DescribeClusterRequest { EndpointType = 2 }),
        new("cluster of nonsense", 1, () => new DescribeClusterRequest { EndpointType = 5 }),
    ];

    private static IEnumerable<Exchange> Grow() =>
    [
        Grow("grow", "made", 4),
        Grow("grow to the same", "made", 4),
        Grow("grow to fewer", "made", 2),
        Grow("grow to none", "made", 0),
        Grow("grow to minus one", "made", -1),
        Grow("grow nobody", "nowhere", 4),
        Grow("grow assigned", "made", 5, [[1]]),
        Grow("grow assigned too few", "made", 7, [[1]]),
        Grow("grow assigned elsewhere", "made", 6, [[7]]),
        Grow("grow assigned to nobody", "made", 6, [[]]),
        Grow("grow assigned two replicas", "made", 6, [[1, 2]]),
        new("grow twice in one", 3, () => new CreatePartitionsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new() { Name = "made", Count = 9 }, new() { Name = "made", Count = 9 }],
        }),
        new("grow to check", 3, () => new CreatePartitionsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "set", Count = 9 }], ValidateOnly = true }),
    ];

    private static IEnumerable<Exchange> Pages() =>
    [
        new("page all of two", 0, () => Page(2000, "set", "made")),
        new("page of one", 0, () => Page(1, "set", "made")),
        new("page goes on", 0, () => From("made", 4)),
        new("page from what is gone", 0, () => From("nowhere", 0)),
        new("page beyond the end", 0, () => From("made", 99)),
        new("page from before", 0, () => From("made", -1)),
        new("page unknown", 0, () => Page(10, "nowhere", "made")),
        new("page bad name", 0, () => Page(10, "a b")),
        new("page of nothing", 0, () => Page(0, "made")),
        new("page of minus one", 0, () => Page(-1, "made")),
    ];

    private static IEnumerable<Exchange> Delete() =>
    [
        new("delete", 6, () => new DeleteTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "defaults" }] }),
        new("delete old", 3, () => new DeleteTopicsRequest { TimeoutMs = 10_000, TopicNames = ["assigned", "nowhere"] }),
        new("delete again", 6, () => new DeleteTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "defaults" }] }),
        new("delete unknown id", 6, () => new DeleteTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new() { TopicId = new Guid("0b0d1111-2222-4333-8444-555566667777") }],
        }),
        new("delete nobody", 6, () => new DeleteTopicsRequest { TimeoutMs = 10_000, Topics = [new()] }),
        new("delete twice in one", 6, () => new DeleteTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "co.llide" }, new() { Name = "co.llide" }] }),
        new("delete by name and id", 6, () => new DeleteTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new() { Name = "co.llide", TopicId = new Guid("0b0d1111-2222-4333-8444-555566667777") }],
        }),
    ];

    private static MetadataRequest Old(string name) => new() { Topics = [new() { Name = name }] };

    private static MetadataRequest Names(params string[] names) => new()
    {
        Topics = [.. names.Select(n => new MetadataRequest.MetadataRequestTopic { Name = n })],
        AllowAutoTopicCreation = false,
    };

    private static Exchange Create(string name, short version, params CreateTopicsRequest.CreatableTopic[] topics) =>
        new(name, version, () => new CreateTopicsRequest { Topics = [.. topics] });

    private static CreateTopicsRequest.CreatableTopic Topic(
        string name, int partitions, short replicas = 1, params (string Name, string? Value)[] settings) => new()
    {
        Name = name,
        NumPartitions = partitions,
        ReplicationFactor = replicas,
        Configs = [.. settings.Select(s => new CreateTopicsRequest.CreatableTopicConfig { Name = s.Name, Value = s.Value })],
    };

    private static CreateTopicsRequest.CreatableTopic Assigned(string name, int[] partitions, int[] brokers) => new()
    {
        Name = name,
        NumPartitions = -1,
        ReplicationFactor = -1,
        Assignments =
        [
            .. partitions.Select(p => new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = p, BrokerIds = [.. brokers] }),
        ],
    };

    private static CreateTopicsRequest.CreatableTopic AssignedAndCounted()
    {
        var topic = Assigned("bad", [0], [1]);
        topic.NumPartitions = 1;
        return topic;
    }

    private static Exchange Grow(string name, string topic, int count, int[][]? assigned = null) => new(name, 3, () =>
        new CreatePartitionsRequest
        {
            TimeoutMs = 10_000,
            Topics =
            [
                new()
                {
                    Name = topic,
                    Count = count,
                    Assignments = assigned is null
                        ? null
                        : [.. assigned.Select(a => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. a] })],
                },
            ],
        });

    private static DescribeTopicPartitionsRequest From(string topic, int partition)
    {
        var page = Page(2, "made", "set");
        page.Cursor = new() { TopicName = topic, PartitionIndex = partition };
        return page;
    }

    private static DescribeTopicPartitionsRequest Page(int limit, params string[] names) => new()
    {
        ResponsePartitionLimit = limit,
        Topics = [.. names.Select(n => new DescribeTopicPartitionsRequest.TopicRequest { Name = n })],
    };
}
