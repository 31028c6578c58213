using System.Runtime.CompilerServices;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Topics;

namespace StreamFlow.Sql.Execution.Commands;

/// <summary>
/// A command log in a topic of one partition that keeps its records for ever. Made by whoever makes the engine, disposed with the engine's
/// cluster still open.
/// </summary>
/// <param name="cluster">The cluster; stays the caller's to dispose.</param>
/// <param name="topic">The topic; made when it is missing.</param>
public sealed class TopicCommandLog(ICluster cluster, string topic) : ICommandLog
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(200);

    private readonly TopicPartition _partition = new(topic, 0);
    private IConsumer? _consumer;
    private IProducer? _producer;
    private long _next;

    /// <inheritdoc/>
    public string Name => topic;

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedCommand> ReadNewAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var consumer = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var ends = await consumer.EndOffsetsAsync([_partition], cancellationToken).ConfigureAwait(false);
        var end = ends[_partition];
        while (_next < end)
        {
            var commands = await PollAsync(consumer, cancellationToken).ConfigureAwait(false);
            foreach (var command in commands)
            {
                _next = command.Offset + 1;
                yield return command;
            }

            // A transaction's markers and deleted records have offsets, but are never handed out.
            _next = Math.Max(_next, consumer.Position(_partition) ?? 0);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(byte[] command, CancellationToken cancellationToken)
    {
        _producer ??= cluster.CreateProducer(new ProducerOptions());
        await _producer.SendAsync(new ProducerRecord(topic, null, command) { Partition = 0 }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_consumer is not null)
        {
            await _consumer.DisposeAsync().ConfigureAwait(false);
        }

        if (_producer is not null)
        {
            await _producer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<IConsumer> OpenAsync(CancellationToken cancellationToken)
    {
        if (_consumer is not null)
        {
            return _consumer;
        }

        var described = await cluster.Admin.DescribeTopicsAsync([topic], cancellationToken).ConfigureAwait(false);
        if (!described.ContainsKey(topic))
        {
            var config = new Dictionary<string, string> { ["cleanup.policy"] = "delete", ["retention.ms"] = "-1",
                ["retention.bytes"] = "-1" };
            await cluster.Admin.CreateTopicsAsync([new NewTopic(topic, 1, -1, config)], ignoreExisting: true, cancellationToken)
                .ConfigureAwait(false);
        }

        _consumer = cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        _consumer.Assign([_partition]);
        _consumer.SeekToBeginning([_partition]);
        return _consumer;
    }

    private static async ValueTask<List<LoggedCommand>> PollAsync(IConsumer consumer, CancellationToken cancellationToken)
    {
        var commands = new List<LoggedCommand>();
        using var batch = await consumer.PollAsync(PollTimeout, cancellationToken).ConfigureAwait(false);
        while (batch is not null && batch.TryRead(out var record))
        {
            commands.Add(new LoggedCommand(record.Offset, record.HasValue ? record.Value.ToArray() : null));
        }

        return commands;
    }
}
