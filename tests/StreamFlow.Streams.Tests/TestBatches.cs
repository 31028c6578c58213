using System.Text;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Tests;

/// <summary>Hands records to a task as a broker's batches.</summary>
internal static class TestBatches
{
    /// <summary>Adds one batch of records at time 0.</summary>
    public static void Add(StreamTask task, string topic, params (string Key, string Value)[] records)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var (key, value) in records)
        {
            builder.Append(0, true, Encoding.UTF8.GetBytes(key), true, Encoding.UTF8.GetBytes(value), Headers.Empty);
        }

        Add(task, topic, builder);
    }

    /// <summary>Adds a batch of one record.</summary>
    public static void Add(StreamTask task, string topic, long time, string key)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(time, true, Encoding.UTF8.GetBytes(key), true, "v"u8, Headers.Empty);
        Add(task, topic, builder);
    }

    private static void Add(StreamTask task, string topic, RecordBatchBuilder builder)
    {
        var batch = builder.Finish(new RecordBatchOptions()).ToArray();
        RecordBatchView.TryRead(batch, out var view);
        task.AddRecords(new TopicPartition(topic, 0), new RecordCursor(in view), batch.AsMemory(RecordBatch.HeaderSize));
    }
}
