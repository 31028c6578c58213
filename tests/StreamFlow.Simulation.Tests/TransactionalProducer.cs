using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Simulation.Tests;

/// <summary>
/// Writes transactions over all partitions. When it does not know where it stands it begins anew with its transactional id, as a restarted
/// program does; a transaction whose commit was asked for and never answered may then have ended either way.
/// </summary>
internal sealed class TransactionalProducer(World world, string name) : IActor
{
    private const int TimeoutMs = 15_000;
    private readonly List<Transaction> _transactions = [];
    private readonly int[] _sequences = new int[World.Partitions];
    private long _producerId = -1;
    private short _epoch;
    private Transaction? _open;

    private enum Fate
    {
        Open,
        Committing,
        Committed,
        Aborted,
        Unknown,
    }

    public Task StepAsync() => _producerId < 0 ? InitializeAsync() : _open is null ? BeginAsync() : ContinueAsync(_open);

    public async Task FinishAsync()
    {
        for (var tries = 0; _producerId < 0 || _open is not null; tries++)
        {
            World.Require(tries < 100, $"{name} gets no further though all is well");
            await (_producerId < 0 ? InitializeAsync() : EndAsync(_open!, _open!.Fate == Fate.Committing));
            await world.AdvanceAsync(TimeSpan.FromMilliseconds(200));
        }
    }

    public async Task CheckAsync()
    {
        var seen = new Dictionary<string, int>();
        for (var partition = 0; partition < World.Partitions; partition++)
        {
            foreach (var (_, value) in await world.ReadAsync(partition, committed: true))
            {
                seen[value] = seen.GetValueOrDefault(value) + 1;
            }
        }

        foreach (var transaction in _transactions)
        {
            var counts = transaction.Values.Select(v => seen.GetValueOrDefault(v)).Distinct().ToList();
            var isRight = transaction.Fate switch
            {
                Fate.Committed => counts is [] or [1],
                Fate.Aborted => counts is [] or [0],
                _ => counts is [] or [0] or [1],
            };
            World.Require(
                isRight, $"{transaction.Fate} transaction {string.Join(' ', transaction.Values)} is seen {string.Join(' ', counts)} times");
        }
    }

    private async Task InitializeAsync()
    {
        var request = new InitProducerIdRequest { TransactionalId = name, TransactionTimeoutMs = TimeoutMs };
        var init = await world.SendAsync(request, 4);
        world.Note($"{name} init {init?.ErrorCode} {init?.ProducerId}/{init?.ProducerEpoch}");
        if (init is { ErrorCode: ErrorCode.None })
        {
            (_producerId, _epoch) = (init.ProducerId, init.ProducerEpoch);
            Array.Clear(_sequences);
            return;
        }

        World.Require(
            init is null or { ErrorCode: ErrorCode.ConcurrentTransactions or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator },
            $"{name} cannot begin: {init?.ErrorCode}");
    }

    private async Task BeginAsync()
    {
        var request = new AddPartitionsToTxnRequest
        {
            V3AndBelowTransactionalId = name,
            V3AndBelowProducerId = _producerId,
            V3AndBelowProducerEpoch = _epoch,
            V3AndBelowTopics = [new() { Name = World.Topic, Partitions = [.. Enumerable.Range(0, World.Partitions)] }],
        };
        var added = await world.SendAsync(request, 3);
        var error = added?.ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode;
        world.Note($"{name} adds partitions: {error}");
        if (error is ErrorCode.None)
        {
            _transactions.Add(_open = new Transaction());
        }
        else if (error is not (null or ErrorCode.ConcurrentTransactions or ErrorCode.CoordinatorNotAvailable))
        {
            Restart(error.Value);
        }
    }

    private Task ContinueAsync(Transaction open) => open.Fate switch
    {
        Fate.Open when world.Random.Next(4) > 0 => ProduceAsync(open),
        Fate.Open => EndAsync(open, commit: world.Random.Next(3) > 0),
        _ => EndAsync(open, commit: open.Fate == Fate.Committing),
    };

    private async Task ProduceAsync(Transaction open)
    {
        var partition = world.Random.Next(World.Partitions);
        string[] values = [$"{name}/{_transactions.Count}/{open.Values.Count}"];
        var options = new RecordBatchOptions
        {
            IsTransactional = true, ProducerId = _producerId, ProducerEpoch = _epoch, BaseSequence = _sequences[partition],
        };
        open.Values.AddRange(values);
        var produced = await world.SendAsync(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 1000,
                TransactionalId = name,
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
        world.Note($"{name} produces {values[0]} to {partition}: {error}");
        if (error is ErrorCode.None)
        {
            _sequences[partition]++;
        }
        else
        {
            // Whether it was written is not known, so the transaction cannot be committed any more.
            Restart(error ?? ErrorCode.RequestTimedOut);
        }
    }

    private async Task EndAsync(Transaction open, bool commit)
    {
        if (commit)
        {
            open.Fate = Fate.Committing;
        }

        var request = new EndTxnRequest { TransactionalId = name, ProducerId = _producerId, ProducerEpoch = _epoch, Committed = commit };
        var ended = await world.SendAsync(request, 3);
        world.Note($"{name} {(commit ? "commits" : "aborts")}: {ended?.ErrorCode}");
        if (ended is { ErrorCode: ErrorCode.None })
        {
            open.Fate = commit ? Fate.Committed : Fate.Aborted;
            _open = null;
        }
        else if (ended is not (null or { ErrorCode: ErrorCode.ConcurrentTransactions or ErrorCode.CoordinatorNotAvailable }))
        {
            Restart(ended.ErrorCode);
        }
        else if (!commit && ended is null)
        {
            Restart(ErrorCode.RequestTimedOut);
        }

        await world.SettleAsync();
    }

    /// <summary>Gives up the incarnation. What was not asked to be committed never will be.</summary>
    private void Restart(ErrorCode reason)
    {
        world.Note($"{name} restarts: {reason}");
        if (_open is { } open)
        {
            open.Fate = open.Fate == Fate.Committing ? Fate.Unknown : Fate.Aborted;
            _open = null;
        }

        _producerId = -1;
    }

    private sealed class Transaction
    {
        public List<string> Values { get; } = [];

        public Fate Fate { get; set; } = Fate.Open;
    }
}
