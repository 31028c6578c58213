using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// One line of fetches to one broker: ask for every partition it leads that nobody else is fetching, sort the answer, ask again.
/// </summary>
internal sealed class BrokerFetcher : IAsyncDisposable
{
    // From version 13 on topics go by id.
    private const short NewestWithNames = 12;

    private static readonly TimeSpan AnswerSlack = TimeSpan.FromSeconds(10);

    private readonly ClientContext _context;
    private readonly MetadataCache _metadata;
    private readonly ChannelSet _channels;
    private readonly ConsumerOptions _options;
    private readonly PartitionTable _table;
    private readonly AsyncSignal _arrived;
    private readonly AsyncSignal _wake = new();
    private readonly FetchSession _session = new();
    private readonly List<AskedPartition> _asked = [];

    // The objects of the request on its way.
    private readonly MessageArena _arena = new();
    private readonly int _broker;
    private readonly Lane _lane;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;

    public BrokerFetcher(
        ClientContext context,
        MetadataCache metadata,
        ChannelSet channels,
        ConsumerOptions options,
        PartitionTable table,
        AsyncSignal arrived,
        int broker,
        Lane lane)
    {
        _context = context;
        _metadata = metadata;
        _channels = channels;
        _options = options;
        _table = table;
        _arrived = arrived;
        _broker = broker;
        _lane = lane;
        _loop = Task.Run(RunAsync);
    }

    public void Wake() => _wake.Set();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_closing.IsCancellationRequested)
        {
            _asked.Clear();
            try
            {
                if (failures > 0)
                {
                    _metadata.RequestRefresh();
                    await _context.Backoff.WaitAsync(failures - 1, _closing.Token).ConfigureAwait(false);
                }

                Select(out var nextLook);
                if (_asked.Count == 0)
                {
                    await _wake.WaitAsync(nextLook, _context.Clock, _closing.Token).ConfigureAwait(false);
                    continue;
                }

                var reply = await _channels.Get(_metadata.Current, _broker, _lane)
                    .SendAsync(
                        ToRequest(), _closing.Token, NewestWithNames,
                        _options.FetchMaxWait + _context.Options.RequestTimeout + AnswerSlack)
                    .ConfigureAwait(false);
                Sort(reply);
                failures = 0;
            }
            catch (StreamFlowException e)
            {
                _session.OnFailure();
                GiveBack(e);
                failures++;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                GiveBack(null);
            }
#pragma warning disable CA1031 // whatever it is, the loop goes on and the application hears of it
            catch (Exception e)
#pragma warning restore CA1031
            {
                _session.OnFailure();
                _table.Fail(Unexpected.In($"fetching from broker {_broker}", e));
                GiveBack(null);
                _arrived.Set();
                failures++;
            }
        }
    }

    /// <summary>Marks and adds what to fetch now; none while enough is fetched ahead.</summary>
    private void Select(out TimeSpan nextLook)
    {
        var cluster = _metadata.Current;
        var now = _context.Clock.GetTimestamp();
        nextLook = Timeout.InfiniteTimeSpan;
        lock (_table.Gate)
        {
            if (IsEnoughFetched())
            {
                return;
            }

            foreach (var state in _table.States)
            {
                if (state.Position is null || state.IsPaused || state.IsInFlight || !state.Memory.HasRoom
                    || cluster.Find(state.Partition) is not { } partition || partition.Leader != _broker)
                {
                    continue;
                }

                if (!state.IsCheckedAt(partition.LeaderEpoch))
                {
                    if (_table.NoteUnchecked())
                    {
                        _arrived.Set();
                    }

                    continue;
                }

                if (state.NotBefore > now)
                {
                    nextLook = TimeSpan.FromSeconds((double)(state.NotBefore - now) / _context.Clock.TimestampFrequency)
                        + TimeSpan.FromMilliseconds(1);
                    continue;
                }

                state.IsInFlight = true;
                _asked.Add(new(state.Partition, state.FetchOffset, state.Version, partition.LeaderEpoch));
            }
        }
    }

    private bool IsEnoughFetched()
    {
        var bytes = 0L;
        foreach (var state in _table.States)
        {
            bytes += state.IsPaused ? 0 : state.FetchedBytes;
        }

        return bytes >= _options.FetchBufferMemory;
    }

    private FetchRequest ToRequest()
    {
        // Without room a broker still gives the first batch that it has: partitions of which nothing is held have to go on.
        var maxBytes = (int)Math.Clamp(_context.Options.Memory[MemoryUse.Fetch].Room, 1, _options.FetchMaxBytes);
        _arena.Reset();
        var request = _arena.Rent<FetchRequest>();
        request.MaxWaitMs = (int)_options.FetchMaxWait.TotalMilliseconds;
        request.MinBytes = Math.Min(_options.FetchMinBytes, maxBytes);
        request.MaxBytes = maxBytes;
        request.IsolationLevel = (sbyte)_options.IsolationLevel;
        request.RackId = _options.Rack;
        _session.Prepare(request, _arena, _asked, _options.MaxPartitionFetchBytes);
        return request;
    }

    private void Sort(Reply<FetchResponse> reply)
    {
        try
        {
            if (_session.OnResponse(reply.Message, _broker) && Take(reply))
            {
                _metadata.RequestRefresh();
            }
        }
        finally
        {
            reply.Buffer?.Release();
        }

        GiveBack(null);
    }

    /// <summary>Takes every partition's answer; true when metadata looks out of date.</summary>
    private bool Take(Reply<FetchResponse> reply)
    {
        var needsMetadata = false;
        foreach (var topic in reply.Message.Responses)
        {
            foreach (var data in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Topic, data.PartitionIndex);
                if (_session.TryGetAsked(partition, out var wanted))
                {
                    _session.SetEndOffset(partition, EndOffsetOf(data));
                    lock (_table.Gate)
                    {
                        needsMetadata |= _table.Find(partition) is { } state && wanted.IsStillWanted(state)
                            && Take(state, data, reply.Buffer, wanted.LeaderEpoch);
                    }
                }
            }
        }

        return needsMetadata;
    }

    private long? EndOffsetOf(FetchResponse.PartitionData data)
    {
        if (data.ErrorCode != ErrorCode.None)
        {
            return null;
        }

        return _options.IsolationLevel == IsolationLevel.ReadCommitted && data.LastStableOffset >= 0
            ? data.LastStableOffset
            : data.HighWatermark;
    }

    /// <summary>Takes one partition's answer; true when metadata looks out of date.</summary>
    private bool Take(PartitionState state, FetchResponse.PartitionData data, SharedBuffer? buffer, int leaderEpoch)
    {
        switch (data.ErrorCode)
        {
            case ErrorCode.None:
                state.EndOffset = EndOffsetOf(data);
                AddRecords(state, data, buffer, leaderEpoch);
                return false;
            case ErrorCode.OffsetOutOfRange:
                if (_options.AutoOffsetReset == AutoOffsetReset.None)
                {
                    state.Error = new OffsetOutOfRangeException(state.Partition, state.FetchOffset);
                }

                state.LookFor(PositionSource.Policy);
                return false;
            case ErrorCode.CorruptMessage:
                state.Error = new CorruptRecordException(
                    $"{state.Partition} is damaged at offset {state.FetchOffset}: its broker's log says where; seek behind it to skip it");
                state.NotBefore = _context.Clock.GetTimestamp() + _context.Clock.TimestampFrequency;
                return false;
            default:
                var error = new BrokerException(data.ErrorCode, $"fetch {state.Partition}");
                state.NotBefore = _context.Clock.GetTimestamp(
                    ) + (long)(_context.Backoff.DelayOf(0).TotalSeconds * _context.Clock.TimestampFrequency);
                state.Error = error.IsRetriable ? null : error;
                return true;
        }
    }

    private void AddRecords(PartitionState state, FetchResponse.PartitionData data, SharedBuffer? buffer, int leaderEpoch)
    {
        var records = data.Records.GetValueOrDefault();
        if (records.IsEmpty)
        {
            return;
        }

        try
        {
            if (FetchedSlice.FindNextOffset(records.Span, out var epoch) is { } next)
            {
                var filter = _options.IsolationLevel == IsolationLevel.ReadCommitted
                    ? new AbortedTransactionFilter(data.AbortedTransactions?.Select(a => (a.ProducerId, a.FirstOffset)) ?? [])
                    : null;
                state.Add(
                    _table.Slices.Rent().Open(
                        records, buffer?.Retain(), state.EndOffset ?? -1, filter, state.Memory, _table.Leases),
                    Math.Max(next, state.FetchOffset), epoch, leaderEpoch);
            }
        }
        catch (CorruptRecordException e)
        {
            state.Error = e;
        }
    }

    private void GiveBack(StreamFlowException? error)
    {
        lock (_table.Gate)
        {
            foreach (var asked in _asked)
            {
                if (_table.Find(asked.Partition) is { } state)
                {
                    state.IsInFlight = false;
                    state.EndOffset ??= _session.EndOffsetOf(state.Partition);
                    state.Error = error is { IsRetriable: false } && state.Version == asked.Version ? error : state.Error;
                }
            }
        }

        if (_asked.Count > 0)
        {
            _arrived.Set();
        }
    }
}
