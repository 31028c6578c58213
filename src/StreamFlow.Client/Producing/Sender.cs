using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Producing;

/// <summary>
/// Moves batches from the accumulator to the brokers that lead their partitions: one loop that decides what is sent, and the answers, each
/// of which is sorted by the thread that it comes on.
/// </summary>
internal sealed class Sender : IAsyncDisposable
{
    private readonly ClientContext _context;
    private readonly MetadataCache _metadata;
    private readonly ChannelSet _channels;
    private readonly ProducerOptions _options;
    private readonly Accumulator _accumulator;
    private readonly TransactionManager _transactions;
    private readonly AsyncSignal _wake;
    private readonly List<PartitionQueue> _active = [];
    private readonly Dictionary<BrokerEndpoint, BrokerLane> _lanes = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly BatchOutcomes _outcomes;
    private readonly IdentityRenewal _identity;
    private readonly Task _loop;
    private Task? _addTask;
    private int _requestsOut;
    private int _turn;

    public Sender(
        ClientContext context,
        MetadataCache metadata,
        ChannelSet channels,
        ProducerOptions options,
        Accumulator accumulator,
        TransactionManager transactions,
        AsyncSignal wake)
    {
        _context = context;
        _metadata = metadata;
        _channels = channels;
        _options = options;
        _accumulator = accumulator;
        _transactions = transactions;
        _wake = wake;
        _outcomes = new BatchOutcomes(context, metadata, options, accumulator, transactions);
        _identity = new IdentityRenewal(context, transactions, accumulator, _outcomes, wake);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Stops; batches that are not in flight fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _outcomes.DropAll(new StreamFlowException("the producer was closed before the record was sent"));
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                var wait = TrySendReady();
                await _wake.WaitAsync(wait, _context.Clock, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closing.
        }
    }

    private TimeSpan TrySendReady()
    {
        try
        {
            return SendReady();
        }
#pragma warning disable CA1031 // whatever it is, those who wait for their records hear of it and the loop goes on
        catch (Exception e)
#pragma warning restore CA1031
        {
            _outcomes.DropAll(Unexpected.In("sending records", e));
            return _context.Options.RetryBackoffMax;
        }
    }

    /// <summary>Sends all that can be sent now.</summary>
    /// <returns>When to look again at the latest.</returns>
    private TimeSpan SendReady()
    {
        while (_accumulator.TryTakeNewlyActive(out var queue))
        {
            _active.Add(queue!);
        }

        _active.RemoveAll(IsIdle);
        if (_transactions.SendBarrier is { } barrier)
        {
            _outcomes.DropAll(barrier);
            return Timeout.InfiniteTimeSpan;
        }

        if (_options.HasProducerId && !IsIdentityReady())
        {
            return _active.Count == 0 ? Timeout.InfiniteTimeSpan : _context.Options.RetryBackoffMax;
        }

        var pass = new SendPass(_context.Clock.GetTimestamp(), _context.Clock.TimestampFrequency);
        do
        {
            pass.HasSent = false;
            _turn++;
            for (var i = 0; i < _active.Count; i++)
            {
                Visit(_active[(int)((uint)(i + _turn) % _active.Count)], ref pass);
            }

            SendPrepared(ref pass);
        }
        while (pass.HasSent);

        StartAddingPartitions();
        if (pass.LacksLeader)
        {
            _metadata.RequestRefresh();
        }

        return pass.Wait;
    }

    private static bool IsIdle(PartitionQueue queue)
    {
        lock (queue.Gate)
        {
            queue.IsActive = !queue.IsEmpty;
            return !queue.IsActive;
        }
    }

    private void Visit(PartitionQueue queue, ref SendPass pass)
    {
        var leader = _metadata.Current.Find(queue.Partition)?.Leader ?? -1;
        if (leader < 0 || !_metadata.Current.Brokers.TryGetValue(leader, out var broker))
        {
            _metadata.Remember(queue.Partition.Topic);
            pass.LacksLeader = true;
            pass.LookAgainIn(_context.Backoff.DelayOf(0));
            if (_metadata.Failure is { } failure)
            {
                _outcomes.Drop(queue, failure);
            }

            _outcomes.FailExpired(queue, pass.Now);
            return;
        }

        var lane = LaneTo(new BrokerEndpoint(broker.Host, broker.Port));
        queue.WaitsForAnswer = !lane.HasRoom(_options.MaxInFlight);
        if (!queue.WaitsForAnswer && lane.Next.Bytes < _options.MaxRequestSize && _transactions.MaySend(queue.Partition))
        {
            TakeFrom(queue, lane, ref pass);
        }
    }

    private void TakeFrom(PartitionQueue queue, BrokerLane lane, ref SendPass pass)
    {
        var identity = _transactions.Identity;
        ProducerBatch? batch;
        lock (queue.Gate)
        {
            var age = queue.Open is { } open ? pass.Age(open.CreatedAt) : TimeSpan.Zero;
            var takeOpen = _accumulator.IsFlushing || (_options.Linger > TimeSpan.Zero ? age >= _options.Linger : lane.InFlight == 0);
            batch = queue.Take(takeOpen, pass.Now, _options.HasProducerId ? identity : null);
            if (batch is null)
            {
                pass.LookAgainIn(queue.InFlight > 0 ? Timeout.InfiniteTimeSpan : NextLook(queue, age, pass));
                return;
            }
        }

        try
        {
            Encode(batch, identity);
        }
#pragma warning disable CA1031 // a batch that cannot be encoded fails alone, whatever the reason
        catch (Exception e)
#pragma warning restore CA1031
        {
            _outcomes.GiveUp(batch, Unexpected.In($"encoding a batch for {queue.Partition}", e));
            return;
        }

        lane.Next.Add(batch);
    }

    private TimeSpan NextLook(PartitionQueue queue, TimeSpan age, in SendPass pass)
    {
        if (queue.Oldest is { Attempts: > 0 } retry)
        {
            return pass.Until(retry.RetryAt);
        }

        return _options.Linger > TimeSpan.Zero ? _options.Linger - age : Timeout.InfiniteTimeSpan;
    }

    private void Encode(ProducerBatch batch, ProducerIdentity? identity)
    {
        if (batch.Bytes.IsEmpty)
        {
            batch.Bytes = batch.Builder.Finish(new RecordBatchOptions
            {
                Compression = _options.Compression,
                CompressionLevel = _options.CompressionLevel,
                IsTransactional = _transactions.IsTransactional,
                ProducerId = _options.HasProducerId ? identity!.Id : RecordBatch.NoProducerId,
                ProducerEpoch = _options.HasProducerId ? identity!.Epoch : RecordBatch.NoProducerEpoch,
                BaseSequence = batch.BaseSequence,
            });
        }
    }

    private void SendPrepared(ref SendPass pass)
    {
        foreach (var lane in _lanes.Values)
        {
            if (lane.Next.Batches.Count > 0)
            {
                pass.HasSent = true;
                Send(lane.Depart());
            }
        }
    }

    private void Send(ProduceExchange exchange)
    {
        Interlocked.Increment(ref _requestsOut);
        var timeout = _context.Options.RequestTimeout;
#pragma warning disable CA2012 // the exchange takes the answer, once
        ValueTask<Reply<ProduceResponse>> sending;
        try
        {
            sending = exchange.Lane.Channel.SendAsync(exchange.ToRequest(_options, timeout), _closing.Token, _transactions.ProduceLimit);
        }
#pragma warning disable CA1031 // it is told to those who wait for the records, like what goes wrong later
        catch (Exception e)
#pragma warning restore CA1031
        {
            sending = ValueTask.FromException<Reply<ProduceResponse>>(e);
        }

        exchange.Follow(sending);
#pragma warning restore CA2012
    }

    private void OnAnswered(ProduceExchange exchange)
    {
        try
        {
            var reply = exchange.TakeReply();
            try
            {
                _outcomes.Sort(exchange, reply.Message);
            }
            finally
            {
                reply.Buffer?.Release();
            }
        }
        catch (StreamFlowException e)
        {
            _outcomes.Failed(exchange, e);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            _outcomes.GiveUpUnanswered(exchange, new StreamFlowException("the producer was closed before the broker answered"));
        }
#pragma warning disable CA1031 // whatever it is, those who wait for the records hear of it
        catch (Exception e)
#pragma warning restore CA1031
        {
            _outcomes.GiveUpUnanswered(exchange, Unexpected.In("a produce request", e));
        }
        finally
        {
            exchange.Lane.Arrive(exchange);
            Interlocked.Decrement(ref _requestsOut);
            _wake.Set(inline: true);
        }
    }

    private BrokerLane LaneTo(BrokerEndpoint endpoint)
    {
        if (!_lanes.TryGetValue(endpoint, out var lane))
        {
            _lanes.Add(endpoint, lane = new BrokerLane(_channels.Get(endpoint, Lane.General), OnAnswered));
        }

        return lane;
    }

    /// <summary>A new id is fetched when nothing is in flight any more, so that no answer belongs to the old one.</summary>
    private bool IsIdentityReady()
    {
        if (!_outcomes.NeedsIdentity)
        {
            return _transactions.Identity is not null;
        }

        if (Volatile.Read(ref _requestsOut) == 0 && _active.Count > 0)
        {
            _identity.Begin(_closing.Token);
        }

        return false;
    }

    private void StartAddingPartitions()
    {
        if (_addTask is null or { IsCompleted: true } && _transactions.AddPartitionsAsync(_closing.Token) is { } adding)
        {
            _addTask = adding.ContinueWith(static (_, wake) => ((AsyncSignal)wake!).Set(), _wake, TaskScheduler.Default);
        }
    }
}
