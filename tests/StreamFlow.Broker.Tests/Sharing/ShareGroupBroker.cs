using StreamFlow.Broker.Sharing;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Sharing;

/// <summary>Short ways to speak KIP-932 with a broker that has topic <c>in</c>, from its start on, in group <c>g</c>.</summary>
internal sealed class ShareGroupBroker(TestBroker broker, Guid topicId)
{
    public const string Group = "g";

    private readonly Dictionary<string, int> _epochs = [];

    public TestBroker Broker => broker;

    public Guid TopicId => topicId;

    public static async Task<ShareGroupBroker> StartAsync(
        Func<BrokerOptions, BrokerOptions>? configure = null, int partitions = 1, BrokerEnvironment? environment = null,
        string? directory = null)
    {
        var broker = await TestBroker.StartAsync(configure, environment, directory);
        var group = new ShareGroupBroker(broker, await broker.CreateTopicAsync("in", partitions));
        await group.ConfigureAsync("share.auto.offset.reset", "earliest");
        return group;
    }

    /// <summary>The same after a restart in the same directory.</summary>
    public static async Task<ShareGroupBroker> RestartAsync(
        ShareGroupBroker old, string directory, Func<BrokerOptions, BrokerOptions>? configure = null)
    {
        await old.Broker.DisposeAsync();
        return new ShareGroupBroker(await TestBroker.StartAsync(configure, directory: directory), old.TopicId);
    }

    public async Task ConfigureAsync(string name, string value)
    {
        var response = await broker.SendAsync(new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 32, ResourceName = Group, Configs = [new() { Name = name, Value = value }] }],
        });
        Assert.True(response.Responses[0].ErrorCode == ErrorCode.None, response.Responses[0].ErrorMessage);
    }

    public Task<ShareGroupHeartbeatResponse> BeatAsync(string member, int epoch, params string[] topics) =>
        broker.SendAsync(new ShareGroupHeartbeatRequest
        {
            GroupId = Group,
            MemberId = member,
            MemberEpoch = epoch,
            SubscribedTopicNames = topics.Length == 0 ? null : [.. topics],
        });

    public Task<ShareGroupHeartbeatResponse> JoinAsync(string member) => BeatAsync(member, 0, "in");

    /// <summary>What a heartbeat is answered, such as <c>2: 0 1</c>, or the error; <c>-</c> when it says nothing of partitions.</summary>
    public static string Text(ShareGroupHeartbeatResponse response) => response.ErrorCode != ErrorCode.None
        ? $"{response.ErrorCode}"
        : $"{response.MemberEpoch}: "
            + (response.Assignment is { } a ? string.Join(' ', a.TopicPartitions.SelectMany(t => t.Partitions)) : "-");

    /// <summary>Produces one batch.</summary>
    public Task ProduceAsync(params string[] values) => broker.ProduceAsync("in", 0, TestBroker.Batch(values));

    /// <summary>Fetches from partition 0 with the next epoch of the member's session; the first opens it.</summary>
    public async Task<ShareFetchResponse> FetchRawAsync(
        string member, Action<ShareFetchRequest>? change = null, int maxWaitMs = 0, CancellationToken disconnected = default)
    {
        var epoch = _epochs.GetValueOrDefault(member);
        var request = new ShareFetchRequest
        {
            GroupId = Group,
            MemberId = member,
            ShareSessionEpoch = epoch,
            MaxWaitMs = maxWaitMs,
            MinBytes = 1,
            MaxBytes = 1 << 20,
            MaxRecords = 100,
            Topics = epoch > 0 ? [] : [new() { TopicId = topicId, Partitions = [new() { PartitionIndex = 0 }] }],
        };
        change?.Invoke(request);
        var response = await broker.SendAsync(request, disconnected: disconnected);
        if (response.ErrorCode == ErrorCode.None)
        {
            _epochs[member] = request.ShareSessionEpoch == -1 ? 0 : request.ShareSessionEpoch + 1;
        }

        return response;
    }

    /// <summary>What a fetch gives, such as <c>0-4#1 6-6#2</c>, or the error.</summary>
    public async Task<string> FetchAsync(
        string member, Action<ShareFetchRequest>? change = null, int maxWaitMs = 0, CancellationToken disconnected = default) =>
        Text(await FetchRawAsync(member, change, maxWaitMs, disconnected));

    /// <summary>Fetches and says something of records at the same time.</summary>
    public Task<string> FetchAsync(string member, string said) => FetchAsync(
        member, r => r.Topics = [new() { TopicId = topicId, Partitions = [new() { AcknowledgementBatches = FetchBatches(said) }] }]);

    public async Task<string> AcknowledgeAsync(string member, string said, int? epoch = null, bool renew = false)
    {
        var number = epoch ?? _epochs.GetValueOrDefault(member);
        var response = await broker.SendAsync(new ShareAcknowledgeRequest
        {
            GroupId = Group,
            MemberId = member,
            ShareSessionEpoch = number,
            IsRenewAck = renew,
            Topics = said.Length == 0 ? [] : [new() { TopicId = topicId, Partitions = [new() { AcknowledgementBatches = Batches(said) }] }],
        });
        if (response.ErrorCode != ErrorCode.None)
        {
            return $"{response.ErrorCode}";
        }

        _epochs[member] = number == -1 ? 0 : number + 1;
        return response.Responses is [{ Partitions: [{ ErrorCode: not ErrorCode.None and var error }] }] ? $"{error}" : "";
    }

    /// <summary>The member's connection is gone: its next fetch opens a session.</summary>
    public void Forget(string member) => _epochs.Remove(member);

    public static string Text(ShareFetchResponse response)
    {
        if (response.ErrorCode != ErrorCode.None)
        {
            return $"{response.ErrorCode}";
        }

        var partition = response.Responses is [{ Partitions: [var only] }] ? only : new ShareFetchResponse.PartitionData();
        var errors = new[] { partition.ErrorCode, partition.AcknowledgeErrorCode }.Where(e => e != ErrorCode.None);
        return string.Join(' ', errors.Select(e => $"{e}").Concat(
            partition.AcquiredRecords.Select(a => $"{a.FirstOffset}-{a.LastOffset}#{a.DeliveryCount}")));
    }

    /// <summary>Where the group is, such as <c>5 lag 3</c>.</summary>
    public async Task<string> OffsetsAsync()
    {
        var response = await broker.SendAsync(new DescribeShareGroupOffsetsRequest { Groups = [new() { GroupId = Group, Topics = null }] });
        var group = response.Groups[0];
        return group.ErrorCode != ErrorCode.None ? $"{group.ErrorCode}" : string.Join(
            ", ", group.Topics.SelectMany(t => t.Partitions).Select(p => $"{p.StartOffset} lag {p.Lag}"));
    }

    private static List<ShareAcknowledgeRequest.AcknowledgementBatch> Batches(string said) => [.. Parse(said).Select(a =>
        new ShareAcknowledgeRequest.AcknowledgementBatch { FirstOffset = a.First, LastOffset = a.Last, AcknowledgeTypes = [.. a.Types] })];

    private static List<ShareFetchRequest.AcknowledgementBatch> FetchBatches(string said) => [.. Parse(said).Select(a =>
        new ShareFetchRequest.AcknowledgementBatch { FirstOffset = a.First, LastOffset = a.Last, AcknowledgeTypes = [.. a.Types] })];

    /// <summary>Reads <c>accept 0-4, release 5-6</c>.</summary>
    private static IEnumerable<Acknowledgement> Parse(string said) => said.Split(", ").Select(part =>
    {
        var words = part.Split(' ', '-');
        return new Acknowledgement(
            long.Parse(words[1], null), long.Parse(words[2], null), [(sbyte)Enum.Parse<AcknowledgeType>(words[0], ignoreCase: true)]);
    });
}
