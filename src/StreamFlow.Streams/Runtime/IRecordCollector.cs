namespace StreamFlow.Streams.Runtime;

/// <summary>Where a task's sinks write: a producer in production, topics in memory under test. Called by the task's thread.</summary>
public interface IRecordCollector
{
    /// <summary>The number of partitions of a topic, for a user's partitioner.</summary>
    /// <exception cref="Errors.StreamsException">The topic does not exist.</exception>
    int PartitionCount(string topic);

    /// <summary>
    /// Appends one record. The spans are copied before the call returns; a failed send surfaces at the next call or at commit.
    /// </summary>
    /// <param name="topic">The topic, internal ones with their full name.</param>
    /// <param name="partition">The partition; -1 leaves it to the hash of the first <see cref="SerializedRecord.PartitionKeyLength"/> bytes
    /// of the key, or to the producer without a key.</param>
    /// <param name="record">Key, value, time and headers.</param>
    void Send(string topic, int partition, in SerializedRecord record);
}
