using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Producing;

/// <summary>
/// Moves batches from the accumulator to the brokers that lead their partitions: one loop that decides, and one task per request that waits
/// for the answer and sorts what it says.
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
    private readonly Task _loop;
    private Task _identityTask = Task.CompletedTask;
    private Task? _addTask;
    private bool _needsIdentity;
    private int _requestsOut;
    private int _identityAttempts;
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
        _needsIdentity = options.HasProducerId && !transactions.IsTransactional;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Stops; batches that are not in flight fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        DropAll(new StreamFlowException("the producer was closed before the record was sent"));
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
            DropAll(Unexpected.In("sending records", e));
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
            DropAll(barrier);
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
                Drop(queue, failure);
            }

            FailExpired(queue, pass.Now);
            return;
        }

        var lane = LaneTo(new BrokerEndpoint(broker.Host, broker.Port));
        queue.WaitsForAnswer = !lane.HasRoom(_options.MaxInFlight);
        if (!queue.WaitsForAnswer && lane.NextBytes < _options.MaxRequestSize && _transactions.MaySend(queue.Partition))
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
            GiveUp(batch, Unexpected.In($"encoding a batch for {queue.Partition}", e));
            return;
        }

        lane.Add(batch);
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
            if (lane.Next.Count > 0)
            {
                pass.HasSent = true;
                Interlocked.Increment(ref _requestsOut);
                _ = SendAsync(lane, lane.Depart());
            }
        }
    }

    private async Task SendAsync(BrokerLane lane, List<ProducerBatch> batches)
    {
        try
        {
            var reply = await lane.Channel.SendAsync(ToRequest(batches), _closing.Token, _transactions.ProduceLimit).ConfigureAwait(false);
            reply.Buffer?.Release();
            Sort(batches, reply.Message);
        }
        catch (StreamFlowException e)
        {
            _metadata.RequestRefresh();
            foreach (var batch in batches)
            {
                Failed(batch, e);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            GiveUpUnanswered(batches, new StreamFlowException("the producer was closed before the broker answered"));
        }
#pragma warning disable CA1031 // whatever it is, those who wait for the records hear of it
        catch (Exception e)
#pragma warning restore CA1031
        {
            GiveUpUnanswered(batches, Unexpected.In("a produce request", e));
        }
        finally
        {
            lane.Arrive();
            Interlocked.Decrement(ref _requestsOut);
            _wake.Set(inline: true);
        }
    }

    private ProduceRequest ToRequest(List<ProducerBatch> batches)
    {
        var request = new ProduceRequest
        {
            TransactionalId = _options.TransactionalId,
            Acks = (short)_options.Acks,
            TimeoutMs = (int)_context.Options.RequestTimeout.TotalMilliseconds,
        };
        foreach (var batch in batches)
        {
            TopicOf(request, batch.Queue.Partition.Topic).PartitionData.Add(
                new() { Index = batch.Queue.Partition.Partition, Records = batch.Bytes });
        }

        return request;
    }

    private static ProduceRequest.TopicProduceData TopicOf(ProduceRequest request, string name)
    {
        foreach (var known in request.TopicData)
        {
            if (known.Name == name)
            {
                return known;
            }
        }

        var topic = new ProduceRequest.TopicProduceData { Name = name };
        request.TopicData.Add(topic);
        return topic;
    }

    private static ProduceResponse.PartitionProduceResponse? AnswerTo(TopicPartition partition, ProduceResponse response)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var answer in topic.PartitionResponses)
            {
                if (answer.Index == partition.Partition && topic.Name == partition.Topic)
                {
                    return answer;
                }
            }
        }

        return null;
    }

    private void Sort(List<ProducerBatch> batches, ProduceResponse response)
    {
        foreach (var batch in batches)
        {
            var partition = batch.Queue.Partition;
            var answer = AnswerTo(partition, response);
            if (_options.Acks == Acks.None)
            {
                Succeeded(batch, -1, -1);
            }
            else if (answer is null)
            {
                Failed(batch, new ProtocolException($"the answer to a produce request lacks {partition}"));
            }
            else if (answer.ErrorCode is ErrorCode.None or ErrorCode.DuplicateSequenceNumber)
            {
                Succeeded(batch, answer.BaseOffset, answer.LogAppendTimeMs);
            }
            else
            {
                Failed(batch, new BrokerException(answer.ErrorCode, $"produce to {partition}", answer.ErrorMessage));
            }
        }
    }

    private void Succeeded(ProducerBatch batch, long baseOffset, long appendTime)
    {
        lock (batch.Queue.Gate)
        {
            batch.Queue.Acknowledge(batch);
        }

        _accumulator.Complete(batch, baseOffset, appendTime, null);
    }

    private void Failed(ProducerBatch batch, StreamFlowException error)
    {
        var code = (error as BrokerException)?.ErrorCode;
        if (code == ErrorCode.MessageTooLarge && batch.RecordCount > 1 && _transactions.SendBarrier is null)
        {
            lock (batch.Queue.Gate)
            {
                _accumulator.Split(batch);
            }

            return;
        }

        var hasTime = _context.Clock.GetElapsedTime(batch.CreatedAt) < _options.DeliveryTimeout;
        if (hasTime && _transactions.SendBarrier is null && (error.IsRetriable || IsCuredByRetry(batch, code)))
        {
            if (code is not null && code != ErrorCode.CorruptMessage)
            {
                _metadata.RequestRefresh();
            }

            lock (batch.Queue.Gate)
            {
                batch.RetryAt = _context.Clock.GetTimestamp()
                    + (long)(_context.Backoff.DelayOf(batch.Attempts++).TotalSeconds * _context.Clock.TimestampFrequency);
                batch.Queue.Retry(batch);
                _accumulator.Activate(batch.Queue);
            }

            return;
        }

        GiveUp(batch, error);
    }

    /// <summary>
    /// Errors about the producer's sequence. Behind an older batch that is sent again a gap is expected; otherwise a producer without
    /// transactions begins anew with another id, and one with transactions has to abort.
    /// </summary>
    private bool IsCuredByRetry(ProducerBatch batch, ErrorCode? code)
    {
        if (code is not (ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch))
        {
            return false;
        }

        lock (batch.Queue.Gate)
        {
            if (code == ErrorCode.OutOfOrderSequenceNumber && batch.Queue.IsBehindRetry(batch))
            {
                return true;
            }
        }

        if (_transactions.IsTransactional)
        {
            return false;
        }

        Volatile.Write(ref _needsIdentity, true);
        return true;
    }

    private void GiveUp(ProducerBatch batch, StreamFlowException error)
    {
        lock (batch.Queue.Gate)
        {
            batch.Queue.Done(batch);
        }

        Lose(batch, error);
    }

    private void GiveUpUnanswered(List<ProducerBatch> batches, StreamFlowException error)
    {
        foreach (var batch in batches)
        {
            bool isOpen;
            lock (batch.Queue.Gate)
            {
                isOpen = batch.Queue.IsInFlight(batch);
            }

            if (isOpen)
            {
                GiveUp(batch, error);
            }
        }
    }

    private void Lose(ProducerBatch batch, StreamFlowException error)
    {
        if (_transactions.IsTransactional)
        {
            _transactions.BatchFailed(error, mayHaveGap: batch.BaseSequence >= 0);
        }
        else if (batch.BaseSequence >= 0)
        {
            // The sequence after this batch would have a gap.
            Volatile.Write(ref _needsIdentity, true);
        }

        _accumulator.Complete(batch, -1, -1, error);
    }

    private void FailExpired(PartitionQueue queue, long now)
    {
        List<ProducerBatch> expired;
        lock (queue.Gate)
        {
            expired = queue.RemoveExpired(now - (long)(_options.DeliveryTimeout.TotalSeconds * _context.Clock.TimestampFrequency));
        }

        foreach (var batch in expired)
        {
            Lose(batch, new BrokerException(
                ErrorCode.RequestTimedOut, $"produce to {queue.Partition}",
                    $"not delivered within {_options.DeliveryTimeout.TotalSeconds:0.#} s: no leader is known"));
        }
    }

    private void DropAll(StreamFlowException reason)
    {
        foreach (var queue in _accumulator.AllQueues)
        {
            Drop(queue, reason);
        }
    }

    private void Drop(PartitionQueue queue, StreamFlowException reason)
    {
        List<ProducerBatch> batches;
        lock (queue.Gate)
        {
            batches = queue.RemoveAll();
        }

        foreach (var batch in batches)
        {
            Lose(batch, reason);
        }
    }

    private BrokerLane LaneTo(BrokerEndpoint endpoint)
    {
        if (!_lanes.TryGetValue(endpoint, out var lane))
        {
            _lanes.Add(endpoint, lane = new BrokerLane(_channels.Get(endpoint, Lane.General)));
        }

        return lane;
    }

    /// <summary>A new id is fetched when nothing is in flight any more, so that no answer belongs to the old one.</summary>
    private bool IsIdentityReady()
    {
        if (!Volatile.Read(ref _needsIdentity))
        {
            return _transactions.Identity is not null;
        }

        if (_identityTask.IsCompleted && Volatile.Read(ref _requestsOut) == 0 && _active.Count > 0)
        {
            _identityTask = RenewIdentityAsync();
        }

        return false;
    }

    private async Task RenewIdentityAsync()
    {
        try
        {
            await Task.Yield();
            await _transactions.RenewIdentityAsync(_closing.Token).ConfigureAwait(false);
            Volatile.Write(ref _needsIdentity, false);
            _identityAttempts = 0;
            _wake.Set();
        }
        catch (StreamFlowException e) when (e.IsRetriable)
        {
            // The loop looks again; batches that wait too long expire with the reason that matters to them.
            await WaitAfterIdentityFailureAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closing.
        }
#pragma warning disable CA1031 // whatever it is, those who wait for their records hear of it
        catch (Exception e)
#pragma warning restore CA1031
        {
            DropAll(Unexpected.In("getting a producer id", e));
        }
    }

    private async Task WaitAfterIdentityFailureAsync()
    {
        await _context.Backoff.WaitAsync(
            _identityAttempts++, _closing.Token).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        foreach (var queue in _accumulator.AllQueues)
        {
            FailExpired(queue, _context.Clock.GetTimestamp());
        }

        _wake.Set();
    }

    private void StartAddingPartitions()
    {
        if (_addTask is null or { IsCompleted: true } && _transactions.AddPartitionsAsync(_closing.Token) is { } adding)
        {
            _addTask = adding.ContinueWith(static (_, wake) => ((AsyncSignal)wake!).Set(), _wake, TaskScheduler.Default);
        }
    }
}
