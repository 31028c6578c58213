using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests;

/// <summary>A data directory with one partition, on a disk of the test's choice, closed or crashed and opened again at will.</summary>
internal sealed class TestLog : IAsyncDisposable
{
    public const string Root = "/data";
    public static readonly TopicPartition Partition = new("orders", 0);
    private static readonly Guid TopicId = new("01234567-89ab-cdef-0123-456789abcdef");

    public TestLog(LogConfig? config = null, IFileSystem? files = null, string root = Root)
    {
        Config = config ?? new LogConfig();
        Files = files ?? new InMemoryFileSystem();
        RootDirectory = root;
        Open();
    }

    public LogConfig Config { get; set; }

    public IFileSystem Files { get; set; }

    public string RootDirectory { get; }

    public ManualClock Clock { get; } = new();

    public LogManager Manager { get; private set; } = null!;

    public PartitionLog Log { get; private set; } = null!;

    public string Directory => Path.Combine(RootDirectory, Partition.ToString());

    public void Open()
    {
        Manager = LogManager.Open(
            new LogManagerOptions { Directory = RootDirectory, FlushInBackground = false }, _ => Config, Files, Clock, NullLogger.Instance);
        Log = Manager.GetOrCreate(Partition, TopicId, Config);
    }

    public async Task ReopenAsync()
    {
        await Manager.DisposeAsync();
        Open();
    }

    /// <summary>Appends a batch of values, keyed by themselves.</summary>
    public AppendResult Append(params string[] values) => Append(new RecordBatchOptions(), values);

    public AppendResult Append(RecordBatchOptions options, params string[] values) =>
        Log.Append(Batch(options, Clock.NowMs, Array.ConvertAll(values, v => ((string?)v, (string?)v))), leaderEpoch: 0);

    public static byte[] Batch(RecordBatchOptions options, long timestamp, params (string? Key, string? Value)[] records)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var (key, value) in records)
        {
            builder.Append(
                timestamp++, key is not null, Encoding.UTF8.GetBytes(key ?? ""), value is not null, Encoding.UTF8.GetBytes(value ?? ""), Headers.Empty);
        }

        return builder.Finish(options).ToArray();
    }

    /// <summary>Everything that a reader gets, read in steps, as <c>offset=value</c>; control records as <c>offset=commit</c> or <c>offset=abort</c>.</summary>
    public List<string> ReadAll(long from = -1, int maxBytes = 1 << 20, ReadIsolation isolation = ReadIsolation.HighWatermark)
    {
        var all = new List<string>();
        var offset = from < 0 ? Log.LogStartOffset : from;
        while (true)
        {
            var result = Log.Read(offset, maxBytes, isolation);
            Assert.Equal(Core.Errors.ErrorCode.None, result.Error);
            if (result.IsEmpty)
            {
                return all;
            }

            var bytes = new byte[result.Length];
            Assert.Equal(bytes.Length, result.CopyTo(bytes));
            offset = Decode(bytes, offset, all);
        }
    }

    /// <summary>Adds the records at and above the offset and returns the offset behind the last batch.</summary>
    public static long Decode(ReadOnlySpan<byte> bytes, long from, List<string> records)
    {
        var next = from;
        while (!bytes.IsEmpty)
        {
            Assert.True(RecordBatchView.TryRead(bytes, out var batch), "a read ends within a batch");
            Assert.True(batch.IsCrcValid());
            using var plain = new PooledBufferWriter();
            Compressor.Decompress(batch.Compression, batch.RecordBytes, plain, 1 << 24);
            var cursor = new RecordCursor(batch);
            while (cursor.TryRead(plain.WrittenSpan, out var record))
            {
                if (record.Offset >= from)
                {
                    var value = batch.IsControl ? (record.Key[3] == 1 ? "commit" : "abort") : record.HasValue ? Encoding.UTF8.GetString(record.Value) : "null";
                    records.Add($"{record.Offset}={value}");
                }
            }

            next = batch.LastOffset + 1;
            bytes = bytes[batch.SizeInBytes..];
        }

        return next;
    }

    public ValueTask DisposeAsync() => Manager.DisposeAsync();
}
