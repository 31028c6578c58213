using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Simulation.Tests;

/// <summary>Writes a sequence to one partition, several batches in flight, and sends again what it does not know the fate of.</summary>
internal sealed class IdempotentProducer(World world, string name, int partition) : IActor
{
    private const int MostInFlight = 5;
    private readonly Queue<(int Sequence, string[] Values)> _unanswered = new();
    private readonly List<string> _sent = [];
    private long _producerId = -1;
    private short _epoch;
    private int _sequence;
    private int _acknowledged;

    public async Task StepAsync()
    {
        if (_producerId < 0)
        {
            var init = await world.SendAsync(new InitProducerIdRequest { TransactionTimeoutMs = 10_000 }, 4);
            if (init is { ErrorCode: ErrorCode.None })
            {
                (_producerId, _epoch) = (init.ProducerId, init.ProducerEpoch);
            }

            return;
        }

        while (_unanswered.Count < MostInFlight && world.Random.Next(3) > 0)
        {
            var values = Enumerable.Range(_sent.Count, 1 + world.Random.Next(4)).Select(n => $"{name}/{n}").ToArray();
            _sent.AddRange(values);
            _unanswered.Enqueue((_sequence, values));
            _sequence += values.Length;
        }

        await SendUnansweredAsync();
    }

    public async Task FinishAsync()
    {
        for (var tries = 0; _unanswered.Count > 0; tries++)
        {
            World.Require(tries < 100, $"{name} gets no answer though all is well");
            await SendUnansweredAsync();
        }
    }

    public async Task CheckAsync()
    {
        var values = (await world.ReadAsync(partition, committed: false)).Select(r => r.Value).Where(v => v.StartsWith(name + "/", StringComparison.Ordinal));
        World.Require(values.SequenceEqual(_sent), $"{name} sent {_sent.Count} records; the log has {string.Join(' ', values)}");
    }

    /// <summary>All that is in flight goes out in order; behind a loss the rest of the connection is lost.</summary>
    private async Task SendUnansweredAsync()
    {
        foreach (var (sequence, values) in _unanswered.ToArray())
        {
            var options = new RecordBatchOptions { ProducerId = _producerId, ProducerEpoch = _epoch, BaseSequence = sequence };
            var produced = await world.SendAsync(
                new ProduceRequest
                {
                    Acks = -1,
                    TimeoutMs = 1000,
                    TopicData =
                    [
                        new()
                        {
                            Name = World.Topic,
                            PartitionData = [new() { Index = partition, Records = World.Batch(world.Clock.NowMs, options, values) }],
                        },
                    ],
                },
                11);
            var error = produced?.Responses[0].PartitionResponses[0].ErrorCode;
            world.Note($"{name} {sequence} {error}");
            if (error is ErrorCode.None or ErrorCode.DuplicateSequenceNumber)
            {
                _acknowledged = sequence + values.Length;
                _unanswered.Dequeue();
                continue;
            }

            World.Require(
                error is null or ErrorCode.KafkaStorageError or ErrorCode.NotLeaderOrFollower or ErrorCode.OutOfOrderSequenceNumber,
                $"{name} was answered {error} for sequence {sequence}");
            World.Require(
                error != ErrorCode.OutOfOrderSequenceNumber || sequence > _acknowledged,
                $"{name} was answered {error} for sequence {sequence}, which follows the acknowledged {_acknowledged}");
            return;
        }
    }
}
