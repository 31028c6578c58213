using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using StreamFlow.Broker;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Simulation.Tests;

/// <summary>
/// A broker on a simulated disk and clock, reached over a network that loses requests and answers. Everything that happens by chance comes
/// from one seed. One thing happens at a time.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    public const string Topic = "events";
    public const int Partitions = 3;
    public const string Group = "readers";
    // Real time: only what hangs takes so long, however busy the machine is.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly CrashMode[] Modes = Enum.GetValues<CrashMode>();
    private readonly CrashFileSystem _disk = new();
    private readonly long[] _highWatermarks = new long[Partitions];
    private readonly StringBuilder _trace = new();
    private BrokerServer _broker = null!;
    private bool _isHealed;

    private World(int seed) => Random = new Random(seed);

    public Random Random { get; }

    public SimulatedClock Clock { get; } = new();

    public Guid TopicId { get; private set; }

    /// <summary>What has happened, a line a thing.</summary>
    public string Trace => _trace.ToString();

    public static async Task<World> StartAsync(int seed)
    {
        var world = new World(seed);
        await world.StartBrokerAsync();
        var create = new CreateTopicsRequest
        {
            Topics =
            [
                new()
                {
                    Name = Topic,
                    NumPartitions = Partitions,
                    ReplicationFactor = 1,
                    Configs = { new() { Name = "retention.ms", Value = "-1" }, new() { Name = "segment.bytes", Value = "16384" } },
                },
            ],
        };
        var created = (CreateTopicsResponse)(await world.AskAsync(create, 7))!;
        world.TopicId = created.Topics[0].TopicId;
        return world;
    }

    public void Note(string what) => _trace.Append(CultureInfo.InvariantCulture, $"{Clock.NowMs % 100_000_000} {what}\n");

    public bool OneIn(int n) => !_isHealed && Random.Next(n) == 0;

    /// <summary>Sends a request over the network.</summary>
    /// <returns>Null when the request or its answer was lost: whether the broker has done it is not known.</returns>
    public async Task<TResponse?> SendAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : class, IResponse
    {
        if (OneIn(12))
        {
            Note($"lost: {request.ApiKey}");
            return null;
        }

        var answer = await AskAsync(request, version);
        if (answer is not null && OneIn(12))
        {
            Note($"answer lost: {request.ApiKey}");
            return null;
        }

        return (TResponse?)answer;
    }

    /// <summary>The machine stops, perhaps in the middle of what comes next, and starts again.</summary>
    public async Task CrashAsync(bool soon)
    {
        if (soon)
        {
            _disk.FailAtChange = _disk.Changes + Random.Next(12);
            Note($"the machine will stop at change {_disk.FailAtChange}");
            return;
        }

        await StopBrokerAsync();
        await StartAfterCrashAsync();
    }

    /// <summary>Whether the machine has stopped in the middle of something.</summary>
    public bool IsDown => _disk.Changes > _disk.FailAtChange;

    /// <summary>Stops in order and starts again.</summary>
    public async Task RestartAsync()
    {
        Note("restart");
        await StopBrokerAsync();
        await (IsDown ? StartAfterCrashAsync() : StartBrokerAsync());
    }

    /// <summary>From now on nothing is lost and nothing stops.</summary>
    public async Task HealAsync()
    {
        _isHealed = true;
        await CrashAsync(soon: false);
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        await SettleAsync();
    }

    /// <summary>Waits until transactions that are decided are finished, which a thread of the pool does.</summary>
    public async Task SettleAsync()
    {
        for (var wait = 0; wait < 10_000 && !IsDown; wait++)
        {
            var open = (ListTransactionsResponse?)await AskAsync(new ListTransactionsRequest(), 0);
            if (open is null || !open.TransactionStates.Exists(t => t.TransactionState.StartsWith("Prepare", StringComparison.Ordinal)))
            {
                return;
            }

            await Task.Delay(wait < 100 ? 0 : 1);
        }
    }

    /// <summary>No high watermark goes back while the broker lives.</summary>
    public async Task CheckWatermarksAsync()
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            if (await EndAsync(partition) is { } end)
            {
                Require(end >= _highWatermarks[partition], $"the end of {partition} went back from {_highWatermarks[partition]} to {end}");
                _highWatermarks[partition] = end;
            }
        }
    }

    /// <summary>All records of a partition as a reader sees them; offsets have to be dense.</summary>
    public async Task<List<(long Offset, string Value)>> ReadAsync(int partition, bool committed)
    {
        var records = new List<(long, string)>();
        for (long offset = 0, end = await EndAsync(partition) ?? 0; offset < end;)
        {
            var data = await FetchAsync(partition, offset, committed);
            var aborted = (data.AbortedTransactions ?? []).OrderBy(a => a.FirstOffset).ToList();
            var next = Decode((data.Records ?? default).Span, offset, committed, aborted, records);
            Require(next > offset || committed, $"nothing at {partition}:{offset} though the end is {end}");
            if (next == offset)
            {
                break;
            }

            offset = next;
        }

        return records;
    }

    public static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }

    public static byte[] Batch(long nowMs, RecordBatchOptions options, IReadOnlyList<string> values)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(nowMs, true, "k"u8, true, Encoding.UTF8.GetBytes(value), Headers.Empty);
        }

        return builder.Finish(options).ToArray();
    }

    public async ValueTask DisposeAsync() => await StopBrokerAsync();

    /// <summary>Asks without a network between.</summary>
    /// <returns>Null when the machine stopped meanwhile.</returns>
    public async Task<IResponse?> AskAsync(IRequest request, short version)
    {
        using var context = new RequestContext(version, "simulated", "/127.0.0.1");
        try
        {
            var answer = _broker.HandleAsync(context, request).AsTask();
            return await WaitAsync(answer) ? await answer : null;
        }
        catch (StreamFlowException) when (IsDown)
        {
            return null;
        }
    }

    /// <summary>Waits for a thread of the pool, and when that waits for the clock, moves it.</summary>
    /// <returns>False when the machine has stopped, so that no answer is to be expected.</returns>
    private async Task<bool> WaitAsync(Task answer)
    {
        for (var tries = 1; !answer.IsCompleted; tries++)
        {
            if (IsDown)
            {
                return false;
            }

            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(100)));
            if (tries % 10 == 0)
            {
                Require(tries < 3000, "no answer for five minutes");
                Clock.Advance(TimeSpan.FromSeconds(1));
            }
        }

        return true;
    }

    private async Task StartAfterCrashAsync()
    {
        var mode = Modes[Random.Next(Modes.Length)];
        _disk.Crash(Random, mode);
        Note($"crash: {mode}");
        await StartBrokerAsync();
    }

    private async Task StartBrokerAsync()
    {
        _broker = await BrokerServer.StartAsync(
            new BrokerOptions
            {
                DataDirectory = "/data",
                OffsetsTopicNumPartitions = 1,
                TransactionTopicNumPartitions = 1,
                Listeners = ImmutableArray<string>.Empty,
            },
            new BrokerEnvironment { Time = Clock, Files = _disk, Random = Random, FlushInBackground = false, ClientsOutliveBroker = true });

        // What nobody was told of may be gone; what was acknowledged is checked at the end.
        Array.Clear(_highWatermarks);
    }

    private async Task StopBrokerAsync()
    {
        try
        {
            await _broker.DisposeAsync().AsTask().WaitAsync(Patience);
        }
        catch (StreamFlowException) when (IsDown)
        {
            // It could not write what it wanted to; nothing else is to be expected of a machine that has stopped.
        }
    }

    private async Task<long?> EndAsync(int partition)
    {
        var request = new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = partition, Timestamp = -1 }] }],
        };
        var answer = ((ListOffsetsResponse?)await AskAsync(request, 7))?.Topics[0].Partitions[0];
        return answer is { ErrorCode: ErrorCode.None } ? answer.Offset : null;
    }

    private async Task<FetchResponse.PartitionData> FetchAsync(int partition, long offset, bool committed)
    {
        var request = new FetchRequest
        {
            MaxBytes = 1 << 20,
            IsolationLevel = committed ? (sbyte)1 : (sbyte)0,
            Topics =
            [
                new() { Topic = Topic, Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] },
            ],
        };
        using var context = new RequestContext(12, "reader", "/127.0.0.1");
        var response = (FetchResponse)(await _broker.HandleAsync(context, request).AsTask().WaitAsync(Patience))!;
        var data = response.Responses[0].Partitions[0];
        Require(data.ErrorCode == ErrorCode.None, $"fetch of {partition}:{offset}: {data.ErrorCode}");
        data.Records = (data.Records ?? default).ToArray();
        return data;
    }

    private static long Decode(
        ReadOnlySpan<byte> bytes, long offset, bool committed, List<FetchResponse.AbortedTransaction> aborted, List<(long, string)> records)
    {
        var open = new HashSet<long>();
        while (RecordBatchView.TryRead(bytes, out var batch))
        {
            var last = batch.LastOffset;
            Require(batch.IsCrcValid() && batch.BaseOffset == offset, $"a batch at {batch.BaseOffset}, expected at {offset}");
            open.UnionWith(aborted.Where(a => a.FirstOffset <= last).Select(a => a.ProducerId));
            aborted.RemoveAll(a => a.FirstOffset <= last);
            if (batch.IsControl)
            {
                open.Remove(batch.ProducerId);
            }
            else if (!committed || !batch.IsTransactional || !open.Contains(batch.ProducerId))
            {
                using var plain = new PooledBufferWriter();
                Compressor.Decompress(batch.Compression, batch.RecordBytes, plain, 1 << 20);
                var cursor = new RecordCursor(batch);
                while (cursor.TryRead(plain.WrittenSpan, out var record))
                {
                    records.Add((record.Offset, Encoding.UTF8.GetString(record.Value)));
                }
            }

            offset = last + 1;
            bytes = bytes[batch.SizeInBytes..];
        }

        return offset;
    }
}
