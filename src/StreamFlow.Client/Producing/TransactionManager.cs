using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Producing;

/// <summary>
/// The producer id and the state of its transactions. Version 1: partitions and groups are added at the coordinator before they are written
/// to. Version 2 (KIP-890), used when the cluster has finalised <c>transaction.version</c> 2: brokers add them, and every end of a
/// transaction brings a new epoch. Thread safe; the calls that change the state are made by the application one at a time.
/// </summary>
internal sealed class TransactionManager
{
    private const short NewestWithoutV2Produce = 11;
    private const short NewestWithoutV2 = 4;
    private const short NewestWithAdds = 3;

    private readonly ClientContext _context;
    private readonly MetadataCache _metadata;
    private readonly ChannelSet _channels;
    private readonly ProducerOptions _options;
    private readonly CoordinatorLink? _coordinator;
    private readonly Lock _gate = new();
    private readonly HashSet<TopicPartition> _added = [];
    private readonly HashSet<TopicPartition> _toAdd = [];
    private volatile TransactionState _state;
    private ProducerIdentity? _identity;
    private StreamFlowException? _error;
    private bool _hasWrites;
    private bool _needsNewEpoch;

    public TransactionManager(ClientContext context, MetadataCache metadata, ChannelSet channels, ProducerOptions options)
    {
        _context = context;
        _metadata = metadata;
        _channels = channels;
        _options = options;
        _coordinator = options.TransactionalId is { } id
            ? new CoordinatorLink(metadata, channels, CoordinatorKind.Transaction, id, Lane.General)
            : null;
    }

    public bool IsTransactional => _coordinator is not null;

    /// <summary>Whether closing has to abort first.</summary>
    public bool HasOpenTransaction => _state is TransactionState.Open or TransactionState.Failed or TransactionState.Aborting;

    /// <summary>Whether the cluster speaks version 2 of transactions.</summary>
    public bool UsesV2 { get; private set; }

    /// <summary>The newest Produce version: from 12 on a broker adds partitions to the transaction itself.</summary>
    public short ProduceLimit => IsTransactional && !UsesV2 ? NewestWithoutV2Produce : (short)12;

    /// <summary>What batches are stamped with; null while there is none.</summary>
    public ProducerIdentity? Identity => Volatile.Read(ref _identity);

    /// <summary>Why nothing can be sent in the present state; null when it can.</summary>
    public StreamFlowException? SendBarrier
    {
        get
        {
            lock (_gate)
            {
                return _state is TransactionState.Failed or TransactionState.Aborting or TransactionState.Fenced ? Barrier() : null;
            }
        }
    }

    /// <summary>Throws unless records may be appended now.</summary>
    public void CheckAppend()
    {
        if (!IsTransactional || _state == TransactionState.Open)
        {
            return;
        }

        lock (_gate)
        {
            throw _state is TransactionState.Failed or TransactionState.Fenced
                ? Barrier()
                : new InvalidOperationException(
                    "a transactional producer sends only between BeginTransaction and CommitTransactionAsync or AbortTransactionAsync");
        }
    }

    /// <summary>
    /// Whether a batch of the partition may go out now; if not because the transaction lacks the partition, notes to add it.
    /// </summary>
    public bool MaySend(TopicPartition partition)
    {
        if (!IsTransactional)
        {
            return true;
        }

        lock (_gate)
        {
            _hasWrites = true;
            if (UsesV2 || _added.Contains(partition))
            {
                return true;
            }

            _toAdd.Add(partition);
            return false;
        }
    }

    /// <summary>Adds the partitions that <see cref="MaySend"/> noted (version 1).</summary>
    /// <returns>Null when there is nothing to add.</returns>
    public Task? AddPartitionsAsync(CancellationToken cancellationToken)
    {
        List<TopicPartition> partitions;
        lock (_gate)
        {
            if (_toAdd.Count == 0 || _state != TransactionState.Open)
            {
                return null;
            }

            partitions = [.. _toAdd];
            _toAdd.Clear();
        }

        return AddPartitionsAsync(partitions, cancellationToken);
    }

    /// <summary>Gets a producer id for a producer without transactions.</summary>
    public async Task RenewIdentityAsync(CancellationToken cancellationToken)
    {
        var cluster = await _metadata.GetClusterAsync(cancellationToken).ConfigureAwait(false);
        var request = new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = int.MaxValue };
        var answer = await _channels.SendToAnyAsync(cluster, request, cancellationToken).ConfigureAwait(false);
        if (answer.ErrorCode != ErrorCode.None)
        {
            throw new BrokerException(answer.ErrorCode, "get a producer id");
        }

        SetIdentity(answer.ProducerId, answer.ProducerEpoch);
    }

    /// <summary>A batch of the open transaction was lost: it can only be aborted now.</summary>
    /// <param name="error">Why.</param>
    /// <param name="mayHaveGap">Whether a sequence number is missing now.</param>
    public void BatchFailed(StreamFlowException error, bool mayHaveGap)
    {
        lock (_gate)
        {
            _needsNewEpoch |= mayHaveGap;
        }

        Fail(error);
    }

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var coordinator = RequireCoordinator();
        Require(TransactionState.Uninitialized, "InitTransactionsAsync may be called once only");
        var versions = await _context.Backoff.RetryAsync(
            coordinator.GetVersionsAsync, _options.MaxBlock, cancellationToken).ConfigureAwait(false);
        UsesV2 = versions.TransactionVersion >= 2
            && versions.Offers(ApiKey.EndTxn, 5) && versions.Offers(ApiKey.TxnOffsetCommit, 5) && versions.Offers(ApiKey.Produce, 12);
        await TakeOverAsync(keepIdentity: false, cancellationToken).ConfigureAwait(false);
        Move(TransactionState.Ready);
    }

    public void Begin()
    {
        RequireCoordinator();
        lock (_gate)
        {
            if (_state == TransactionState.Fenced)
            {
                throw Barrier();
            }

            if (_state != TransactionState.Ready)
            {
                throw new InvalidOperationException(
                    _state == TransactionState.Uninitialized
                        ? "call InitTransactionsAsync first"
                        : "a transaction is open already: commit or abort it first");
            }

            _added.Clear();
            _toAdd.Clear();
            _hasWrites = false;
            _error = null;
            _state = TransactionState.Open;
        }
    }

    public async Task SendOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, CancellationToken cancellationToken)
    {
        var coordinator = RequireCoordinator();
        RequireOpen();
        if (offsets.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            _hasWrites = true;
        }

        if (!UsesV2)
        {
            await CallAsync(
                coordinator,
                id => new AddOffsetsToTxnRequest
                {
                    TransactionalId = _options.TransactionalId!,
                    ProducerId = id.Id,
                    ProducerEpoch = id.Epoch,
                    GroupId = group.GroupId,
                },
                a => a.ErrorCode,
                short.MaxValue,
                $"add group '{group.GroupId}' to the transaction",
                cancellationToken).ConfigureAwait(false);
        }

        var link = new CoordinatorLink(_metadata, _channels, CoordinatorKind.Group, group.GroupId, Lane.General);
        await CallAsync(
            link,
            id => OffsetRequest(id, offsets, group),
            a => a.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None),
            UsesV2 ? short.MaxValue : NewestWithoutV2,
            $"commit offsets of group '{group.GroupId}' in the transaction",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Throws unless the transaction can be committed.</summary>
    /// <exception cref="TransactionAbortableException">It has failed.</exception>
    public void RequireOpen()
    {
        lock (_gate)
        {
            if (_state is TransactionState.Failed or TransactionState.Fenced)
            {
                throw Barrier();
            }

            if (_state != TransactionState.Open)
            {
                throw new InvalidOperationException("no transaction is open: call BeginTransaction first");
            }
        }
    }

    /// <summary>Stops the sending of this transaction's records.</summary>
    public void BeginAbort()
    {
        lock (_gate)
        {
            if (_state == TransactionState.Fenced)
            {
                throw Barrier();
            }

            if (_state is not (TransactionState.Open or TransactionState.Failed or TransactionState.Aborting))
            {
                throw new InvalidOperationException("no transaction is open: call BeginTransaction first");
            }

            _state = TransactionState.Aborting;
        }
    }

    /// <summary>Ends the transaction at the coordinator, unless nothing was ever written in it.</summary>
    public async Task EndAsync(bool commit, CancellationToken cancellationToken)
    {
        if (_hasWrites)
        {
            var what = commit ? "commit the transaction" : "abort the transaction";
            var answer = await CallAsync(
                RequireCoordinator(),
                id => new EndTxnRequest
                {
                    TransactionalId = _options.TransactionalId!,
                    ProducerId = id.Id,
                    ProducerEpoch = id.Epoch,
                    Committed = commit,
                },
                a => a.ErrorCode,
                UsesV2 ? short.MaxValue : NewestWithoutV2,
                what,
                cancellationToken).ConfigureAwait(false);
            if (UsesV2)
            {
                SetIdentity(answer.ProducerId, answer.ProducerEpoch);
            }
            else if (_needsNewEpoch)
            {
                await TakeOverAsync(keepIdentity: true, cancellationToken).ConfigureAwait(false);
            }
        }

        _needsNewEpoch = false;
        Move(TransactionState.Ready);
    }

    private async Task TakeOverAsync(bool keepIdentity, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            RequireCoordinator(),
            id => new InitProducerIdRequest
            {
                TransactionalId = _options.TransactionalId,
                TransactionTimeoutMs = (int)_options.TransactionTimeout.TotalMilliseconds,
                ProducerId = keepIdentity ? id.Id : -1,
                ProducerEpoch = keepIdentity ? id.Epoch : (short)-1,
            },
            a => a.ErrorCode,
            short.MaxValue,
            $"take over transactional id '{_options.TransactionalId}'",
            cancellationToken).ConfigureAwait(false);
        SetIdentity(answer.ProducerId, answer.ProducerEpoch);
    }

    private async Task AddPartitionsAsync(List<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(
                RequireCoordinator(),
                id => new AddPartitionsToTxnRequest
                {
                    V3AndBelowTransactionalId = _options.TransactionalId!,
                    V3AndBelowProducerId = id.Id,
                    V3AndBelowProducerEpoch = id.Epoch,
                    V3AndBelowTopics =
                    [
                        .. partitions.GroupBy(
                            p => p.Topic, StringComparer.Ordinal).Select(t => new AddPartitionsToTxnRequest.AddPartitionsToTxnTopic
                        {
                            Name = t.Key,
                            Partitions = [.. t.Select(p => p.Partition)],
                        }),
                    ],
                },
                a => a.ResultsByTopicV3AndBelow.SelectMany(t => t.ResultsByPartition).Select(p => p.PartitionErrorCode)
                    .FirstOrDefault(e => e is not (ErrorCode.None or ErrorCode.OperationNotAttempted)),
                NewestWithAdds,
                "add partitions to the transaction",
                cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _added.UnionWith(partitions);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Closing.
        }
#pragma warning disable CA1031 // the transaction fails with it, whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(Unexpected.In("adding partitions to the transaction", e));
        }
    }

    /// <summary>Calls a coordinator until it answers for good. Fencing and failures of the transaction change the state.</summary>
    private async Task<TResponse> CallAsync<TResponse>(
        CoordinatorLink link,
        Func<ProducerIdentity, IRequest<TResponse>> request,
        Func<TResponse, ErrorCode> errorOf,
        short limit,
        string what,
        CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new()
    {
        try
        {
            return await _context.Backoff.RetryAsync(
                async token =>
                {
                    var identity = Identity ?? new ProducerIdentity(-1, -1, 0);
                    var answer = await link.SendAsync(request(identity), errorOf, token, limit).ConfigureAwait(false);
                    return errorOf(answer) is ErrorCode.None ? answer : throw ErrorFor(errorOf(answer), what);
                },
                _options.MaxBlock,
                cancellationToken).ConfigureAwait(false);
        }
        catch (StreamFlowException e) when (!e.IsRetriable)
        {
            Fail(e);
            throw;
        }
    }

    private static StreamFlowException ErrorFor(ErrorCode code, string what) => code switch
    {
        ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.InvalidProducerIdMapping
            or ErrorCode.TransactionCoordinatorFenced
            => new ProducerFencedException(code, what),
        ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId or ErrorCode.RebalanceInProgress
            or ErrorCode.StaleMemberEpoch or ErrorCode.FencedMemberEpoch
            => new CommitFailedException(code, what),
        ErrorCode.TransactionAbortable => new TransactionAbortableException($"{what}: {ErrorCodes.Describe(code)}"),
        _ => new BrokerException(code, what),
    };

    private void Fail(StreamFlowException error)
    {
        lock (_gate)
        {
            if (error is ProducerFencedException)
            {
                _error = error;
                _state = TransactionState.Fenced;
            }
            else if (_state == TransactionState.Open)
            {
                _error ??= error;
                _state = TransactionState.Failed;
            }
        }
    }

    private StreamFlowException Barrier() => _state == TransactionState.Fenced
        ? _error ?? new ProducerFencedException(ErrorCode.ProducerFenced, $"transactional id '{_options.TransactionalId}'")
        : new TransactionAbortableException(
            _error is null
                ? "the transaction is being aborted"
                : $"the transaction has failed and must be aborted: {_error.Message}", _error);

    private void SetIdentity(long id, short epoch) => Volatile.Write(ref _identity, new(id, epoch, (_identity?.Generation ?? 0) + 1));

    private void Move(TransactionState state)
    {
        lock (_gate)
        {
            _state = state;
        }
    }

    private void Require(TransactionState state, string otherwise)
    {
        lock (_gate)
        {
            if (_state != state)
            {
                throw new InvalidOperationException(otherwise);
            }
        }
    }

    private CoordinatorLink RequireCoordinator() =>
        _coordinator ?? throw new InvalidOperationException("this producer has no transactional.id, so it has no transactions");

    private TxnOffsetCommitRequest OffsetRequest(
        ProducerIdentity id, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) => new()
    {
        TransactionalId = _options.TransactionalId!,
        GroupId = group.GroupId,
        ProducerId = id.Id,
        ProducerEpoch = id.Epoch,
        GenerationId = group.GenerationId,
        MemberId = group.MemberId,
        GroupInstanceId = group.GroupInstanceId,
        Topics =
        [
            .. offsets.GroupBy(o => o.Key.Topic, StringComparer.Ordinal).Select(t => new TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic
            {
                Name = t.Key,
                Partitions =
                [
                    .. t.Select(o => new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition
                    {
                        PartitionIndex = o.Key.Partition,
                        CommittedOffset = o.Value.Offset,
                        CommittedLeaderEpoch = o.Value.LeaderEpoch,
                        CommittedMetadata = o.Value.Metadata,
                    }),
                ],
            }),
        ],
    };
}
