using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>What the benchmarks ask of a cluster besides records.</summary>
internal static class BenchTopics
{
    /// <summary>The events' times lie in the past, so the topic keeps its records for ever.</summary>
    public static Task CreateAsync(IAdmin admin, string topic, int partitions, CancellationToken cancellation) => admin.CreateTopicsAsync(
        [new NewTopic(topic, partitions, Configs: new Dictionary<string, string> { ["retention.ms"] = "-1" })],
        cancellationToken: cancellation);

    public static async Task<bool> ExistsAsync(IAdmin admin, string topic, CancellationToken cancellation) =>
        (await admin.DescribeTopicsAsync([topic], cancellation)).ContainsKey(topic);

    public static async Task DeleteAsync(IAdmin admin, string prefix, CancellationToken cancellation)
    {
        var all = await admin.ListTopicsAsync(cancellationToken: cancellation);
        var doomed = all.Where(t => t.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (doomed.Count > 0)
        {
            await admin.DeleteTopicsAsync(doomed, cancellation);
        }
    }

    /// <exception cref="UsageException">A topic does not exist.</exception>
    public static async Task<IReadOnlyList<TopicPartition>> PartitionsAsync(
        IAdmin admin, IReadOnlyCollection<string> topics, CancellationToken cancellation)
    {
        var described = await admin.DescribeTopicsAsync(topics, cancellation);
        return topics.FirstOrDefault(t => !described.ContainsKey(t)) is { } missing
            ? throw new UsageException($"there is no topic '{missing}'")
            : [.. described.Values.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p.Partition)))];
    }

    public static async Task<IReadOnlyDictionary<TopicPartition, long>> EndOffsetsAsync(
        IAdmin admin, IReadOnlyCollection<string> topics, CancellationToken cancellation)
    {
        var partitions = await PartitionsAsync(admin, topics, cancellation);
        var ends = await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest), cancellationToken: cancellation);
        return ends.ToDictionary(e => e.Key, e => e.Value.Offset);
    }

    public static async Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> CommittedAsync(
        IAdmin admin, string group, CancellationToken cancellation)
    {
        try
        {
            return await admin.ListGroupOffsetsAsync(group, cancellationToken: cancellation);
        }
        catch (BrokerException e) when (e.ErrorCode == ErrorCode.GroupIdNotFound)
        {
            return new Dictionary<TopicPartition, OffsetAndMetadata>();
        }
    }
}
