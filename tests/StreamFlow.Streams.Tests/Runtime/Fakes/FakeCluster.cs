using System.Text;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Streams.Tests.Runtime.Fakes;

/// <summary>
/// A cluster in memory, as far as the stream runtime uses one: logs with transactions, a group with cooperative rebalancing, faults on demand.
/// It can be killed for one client: what that client does then has no effect, as if its process were gone.
/// </summary>
internal sealed class FakeCluster : ICluster
{
    public Lock Gate { get; } = new();

    public Dictionary<string, FakePartition[]> Topics { get; } = new(StringComparer.Ordinal);

    public Dictionary<TopicPartition, OffsetAndMetadata> Committed { get; } = [];

    public FakeGroup Group { get; } = new();

    public Dictionary<string, FakeProducer> Transactional { get; } = new(StringComparer.Ordinal);

    /// <summary>Thrown by the next commit of offsets or of a transaction.</summary>
    public Exception? FailNextCommit { get; set; }

    public Dictionary<string, IReadOnlyDictionary<string, string>?> Configs { get; } = new(StringComparer.Ordinal);

    public TimeProvider Clock => TimeProvider.System;

    public IAdmin Admin => new FakeAdmin(this);

    public FakePartition this[TopicPartition partition] => Topics[partition.Topic][partition.Partition];

    public void CreateTopic(string name, int partitions) =>
        Topics[name] = [.. Enumerable.Range(0, partitions).Select(_ => new FakePartition())];

    public void Write(string topic, int partition, string? key, string? value, long timestamp = 0)
    {
        lock (Gate)
        {
            Topics[topic][partition].Append(Bytes(key), Bytes(value), timestamp, Headers.Empty, null);
        }
    }

    /// <summary>The committed records of a topic as <c>key=value</c>, in partition order.</summary>
    public List<string> Read(string topic)
    {
        lock (Gate)
        {
            return [.. Topics[topic].SelectMany(p => p.Records).Where(r => r.Transaction is null or { Committed: true })
                .Select(r => $"{Text(r.Key)}={Text(r.Value)}")];
        }
    }

    /// <summary>The last value of each key of a topic, as a table would show it.</summary>
    public Dictionary<string, string?> ReadTable(string topic)
    {
        lock (Gate)
        {
            return Topics[topic].SelectMany(p => p.Records).Where(r => r.Transaction is null or { Committed: true })
                .GroupBy(r => Text(r.Key)!).ToDictionary(g => g.Key, g => Text(g.Last().Value));
        }
    }

    public void ThrowIfAsked()
    {
        if (FailNextCommit is { } failure)
        {
            FailNextCommit = null;
            throw failure;
        }
    }

    public IProducer CreateProducer(ProducerOptions options) => new FakeProducer(this, options);

    public IConsumer CreateConsumer(ConsumerOptions options) => new FakeConsumer(this, options);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
