using StreamFlow.Client.Consuming;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>Hands fetched batches to tasks.</summary>
internal static class TaskInput
{
    /// <summary>Adds a batch to the queue of its partition; the task gives the memory back when it has taken the last record.</summary>
    public static void Add(StreamTask task, RecordBatchLease batch)
    {
        var cursor = batch.GetCursor();
        if (batch.FirstOffset > batch.BaseOffset)
        {
            // A fetch returns whole batches: pass over what was processed before.
            var records = batch.Records.Span;
            for (var next = cursor; next.TryRead(records, out var record) && record.Offset < batch.FirstOffset;)
            {
                cursor = next;
            }
        }

        task.AddRecords(batch.Partition, cursor, batch.Records, batch);
    }
}
