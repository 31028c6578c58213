using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Producing;

/// <inheritdoc cref="IProducer"/>
internal sealed class Producer : IProducer
{
    private readonly ClientContext _context;
    private readonly MetadataCache _metadata;
    private readonly ProducerOptions _options;
    private readonly Action<Producer> _onDisposed;
    private readonly ChannelSet _channels;
    private readonly MemoryClaim _memory;
    private readonly Accumulator _accumulator;
    private readonly TransactionManager _transactions;
    private readonly Sender _sender;
    private readonly Random _random;
    private int _isDisposed;

    public Producer(ClientContext context, MetadataCache metadata, ProducerOptions options, Random random, Action<Producer> onDisposed)
    {
        _context = context;
        _metadata = metadata;
        _options = options;
        _random = random;
        _onDisposed = onDisposed;
        _channels = new ChannelSet(context);
        var wake = new AsyncSignal();
        _memory = context.Options.Memory[MemoryUse.Produce].Claim();
        _accumulator = new Accumulator(options, _memory, context.Clock, wake);
        _transactions = new TransactionManager(context, metadata, _channels, options);
        _sender = new Sender(context, metadata, _channels, options, _accumulator, _transactions, wake);
    }

    public ValueTask<RecordMetadata> SendAsync(ProducerRecord record, CancellationToken cancellationToken = default)
    {
        CheckOpen();
        _transactions.CheckAppend();
        return !_accumulator.Topic(record.Topic).Line.IsBusy && TryStart(record, out var completion)
            ? completion!.Task
            : SendSlowlyAsync(record, cancellationToken);
    }

    public bool TryAppend(
        string topic, int partition, long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value,
            Headers headers)
    {
        CheckOpen();
        _transactions.CheckAppend();
        return _accumulator.TryAppend(_accumulator.Topic(topic).Get(partition), timestamp, hasKey, key, hasValue, value, headers, null);
    }

    public ValueTask WaitForSpaceAsync(CancellationToken cancellationToken = default) => _accumulator.WaitForSpaceAsync(cancellationToken);

    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        await _accumulator.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (_accumulator.TakeFirstError() is { } error)
        {
            throw error;
        }
    }

    public async ValueTask<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(
        string topic, CancellationToken cancellationToken = default) =>
        (await _metadata.GetTopicAsync(topic, mayCreate: true, _options.MaxBlock, cancellationToken).ConfigureAwait(false)).Partitions;

    public Task InitTransactionsAsync(CancellationToken cancellationToken = default) => _transactions.InitializeAsync(cancellationToken);

    public void BeginTransaction() => _transactions.Begin();

    public Task SendOffsetsToTransactionAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group,
            CancellationToken cancellationToken = default) =>
        _transactions.SendOffsetsAsync(offsets, group, cancellationToken);

    public async Task CommitTransactionAsync(CancellationToken cancellationToken = default)
    {
        _transactions.RequireOpen();
        await _accumulator.FlushAsync(cancellationToken).ConfigureAwait(false);
        _transactions.RequireOpen();
        await _transactions.EndAsync(commit: true, cancellationToken).ConfigureAwait(false);
    }

    public async Task AbortTransactionAsync(CancellationToken cancellationToken = default)
    {
        _transactions.BeginAbort();
        await _accumulator.FlushAsync(cancellationToken).ConfigureAwait(false);
        _accumulator.TakeFirstError();
        await _transactions.EndAsync(commit: false, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        try
        {
            await EndWorkAsync().ConfigureAwait(false);
        }
        finally
        {
            await _sender.DisposeAsync().ConfigureAwait(false);
            await _channels.DisposeAsync().ConfigureAwait(false);
            _memory.Dispose();
            _onDisposed(this);
        }
    }

    private async Task EndWorkAsync()
    {
        using var limit = new CancellationTokenSource(_options.DeliveryTimeout, _context.Clock);
        try
        {
            if (_transactions.HasOpenTransaction)
            {
                await AbortTransactionAsync(limit.Token).ConfigureAwait(false);
            }
            else
            {
                await _accumulator.FlushAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is StreamFlowException or OperationCanceledException)
        {
            // Closing goes on: records that failed have told their callers, and the coordinator aborts what is left open.
        }
    }

    private bool TryStart(in ProducerRecord record, out SendCompletion? completion)
    {
        completion = null;
        var queues = _accumulator.Topic(record.Topic);
        if (ChoosePartition(record, queues) is not { } partition)
        {
            return false;
        }

        var timestamp = record.Timestamp ?? _context.NowMs;
        completion = SendCompletion.Rent(timestamp);
        var key = record.Key.GetValueOrDefault();
        var value = record.Value.GetValueOrDefault();
        var isAppended = _accumulator.TryAppend(
            queues.Get(
                partition), timestamp, record.Key.HasValue, key.Span, record.Value.HasValue, value.Span, record.Headers ?? Headers.Empty,
                    completion);
        if (!isAppended)
        {
            completion.Return();
        }

        return isAppended;
    }

    /// <summary>Null when the topic's partitions are not known yet.</summary>
    private int? ChoosePartition(in ProducerRecord record, TopicQueues queues)
    {
        if (!_metadata.Current.Topics.TryGetValue(record.Topic, out var topic)
            || topic is not { Error: ErrorCode.None, Partitions.Length: > 0 })
        {
            return null;
        }

        if (record.Partition is { } given)
        {
            return given < topic.Partitions.Length
                ? given
                : throw new BrokerException(
                    ErrorCode.UnknownTopicOrPartition, $"send to {record.Topic}-{given}",
                        $"the topic has {topic.Partitions.Length} partitions");
        }

        return record.Key is { } key
            ? Murmur2.PartitionOf(key.Span, topic.Partitions.Length)
            : queues.NextSticky(topic.Partitions, record.Value.GetValueOrDefault().Length, _random);
    }

    private async ValueTask<RecordMetadata> SendSlowlyAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.MaxBlock, _context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var completion = await StartInTurnAsync(record, either.Token).ConfigureAwait(false);
            return await completion.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokerException(
                ErrorCode.RequestTimedOut, $"send to {record.Topic}",
                    $"no metadata or buffer space within max.block.ms ({_options.MaxBlock.TotalMilliseconds:0})");
        }
    }

    private async Task<SendCompletion> StartInTurnAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        var line = _accumulator.Topic(record.Topic).Line;
        var hasTurn = false;
        try
        {
            await line.EnterAsync(cancellationToken).ConfigureAwait(false);
            hasTurn = true;
            await _metadata.GetTopicAsync(record.Topic, mayCreate: true, _options.MaxBlock, cancellationToken).ConfigureAwait(false);
            SendCompletion? completion;
            while (!TryStart(record, out completion))
            {
                await _accumulator.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
            }

            return completion!;
        }
        finally
        {
            line.Leave(hasTurn);
        }
    }

    private void CheckOpen() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
}
