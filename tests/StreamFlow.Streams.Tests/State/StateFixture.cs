using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Tests.State;

/// <summary>A task database in a directory of its own, which can be closed and opened again.</summary>
internal sealed class StateFixture : IDisposable
{
    public static readonly TopicPartition Changelog = new("app-counts-changelog", 0);

    public StateFixture(params StoreDescriptor[] stores)
    {
        Stores = stores;
        Database = TaskDatabase.Open(Environment, Path.Combine(Root, "0_0"), stores);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("streamflow-state-").FullName;

    public RocksDbEnvironment Environment { get; } = new();

    public StoreDescriptor[] Stores { get; }

    public TaskDatabase Database { get; private set; }

    public static StoreDescriptor KeyValue(string name = "counts") => new() { Name = name, Kind = StoreKind.KeyValue };

    public static StoreDescriptor Window(long retentionMs, string name = "windows") =>
        new() { Name = name, Kind = StoreKind.Window, RetentionMs = retentionMs };

    public static byte[] B(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A window key as Kafka Streams lays it out.</summary>
    public static byte[] W(string key, long start)
    {
        var bytes = new byte[key.Length + 12];
        Encoding.UTF8.GetBytes(key, bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(key.Length), start);
        return bytes;
    }

    public static string? Get(IBytesStore store, string key)
    {
        using var buffer = new PooledBufferWriter();
        return store.TryGet(B(key), buffer) ? Encoding.UTF8.GetString(buffer.WrittenSpan) : null;
    }

    public static string? Get(ITimedBytesStore store, string key, long time)
    {
        using var buffer = new PooledBufferWriter();
        return store.TryGet(W(key, time), time, buffer) ? Encoding.UTF8.GetString(buffer.WrittenSpan) : null;
    }

    public static string Read(IBytesIterator iterator, int keySuffix = 0)
    {
        var text = new StringBuilder();
        using (iterator)
        {
            while (iterator.MoveNext())
            {
                text.Append(Encoding.UTF8.GetString(iterator.Key[..^keySuffix])).Append('=').Append(Encoding.UTF8.GetString(iterator.Value)).Append(' ');
            }
        }

        return text.ToString().TrimEnd();
    }

    public static void Commit(TaskDatabase database, long changelogPosition = 0) => database.Commit([new(Changelog, changelogPosition)]);

    public static byte[] Batch(long baseOffset, params (byte[] Key, byte[]? Value, long Timestamp)[] records)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var (key, value, timestamp) in records)
        {
            builder.Append(timestamp, true, key, value is not null, value, Headers.Empty);
        }

        var batch = builder.Finish(new RecordBatchOptions()).ToArray();
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        return batch;
    }

    public static void Add(StoreRestorer restorer, byte[] batch, long limit = long.MaxValue)
    {
        Assert.True(RecordBatchView.TryRead(batch, out var view));
        restorer.Add(new RecordCursor(in view), view.RecordBytes, limit);
    }

    public void Reopen()
    {
        Database.Dispose();
        Database = TaskDatabase.Open(Environment, Path.Combine(Root, "0_0"), Stores);
    }

    public void Dispose()
    {
        Database.Dispose();
        Environment.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
