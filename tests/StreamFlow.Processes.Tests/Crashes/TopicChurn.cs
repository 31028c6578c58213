using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Topics;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary>Makes and deletes topics, and deletes the oldest records of one: what was acknowledged stays so through a crash.</summary>
internal sealed class TopicChurn(ICluster cluster, string prefix)
{
    private const int Records = 5;

    private static readonly byte[] Value = [1];
    private readonly TopicPartition _shrinking = new(prefix + "-shrinking", 0);
    private int _made;
    private long _start;

    public Task StartAsync() => cluster.CreateTopicsAsync(1, _shrinking.Topic);

    /// <summary>Makes a topic with a record, deletes the one of the last round, and the oldest records of another.</summary>
    public async Task StepAsync()
    {
        await using var producer = cluster.CreateProducer(new ProducerOptions());
        await cluster.CreateTopicsAsync(1, Name(++_made));
        await producer.SendAsync(new ProducerRecord(Name(_made), null, Value) { Partition = 0 });
        if (_made > 1)
        {
            await cluster.Admin.DeleteTopicsAsync([Name(_made - 1)]);
        }

        await Task.WhenAll(Enumerable.Range(0, Records)
            .Select(_ => producer.SendAsync(new ProducerRecord(_shrinking.Topic, null, Value) { Partition = 0 }).AsTask()));
        var deleted = await cluster.Admin.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [_shrinking] = _start + Records - 1 });
        _start = deleted[_shrinking];
    }

    public async Task CheckAsync()
    {
        var topics = (await cluster.Admin.ListTopicsAsync()).Where(t => t.StartsWith(prefix, StringComparison.Ordinal)).Order();
        Assert.Equal(new[] { _shrinking.Topic, Name(_made) }.Order(), topics);
        Assert.Equal(1, (await cluster.EndsAsync(Name(_made), 1)).Values.Single());
        var start = await cluster.Admin.ListOffsetsAsync(
            new Dictionary<TopicPartition, OffsetSpec> { [_shrinking] = OffsetSpec.Earliest }, IsolationLevel.ReadUncommitted);
        Assert.Equal(_start, start[_shrinking].Offset);
    }

    private string Name(int number) => $"{prefix}-{number}";
}
