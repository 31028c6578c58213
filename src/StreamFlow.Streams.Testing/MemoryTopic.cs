using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Testing;

/// <summary>A topic of one partition in memory: everything ever written to it, and how far the test has read it.</summary>
internal sealed class MemoryTopic
{
    private readonly List<TopicRecord> _records = [];
    private readonly List<TopicRecord> _produced = [];

    /// <summary>Everything ever written to the topic.</summary>
    public IReadOnlyList<TopicRecord> Records => _records;

    /// <summary>The records that the topology wrote, without those that the test piped in.</summary>
    public IReadOnlyList<TopicRecord> Produced => _produced;

    /// <summary>Position of the next produced record for the test's reads.</summary>
    public int ReadPosition { get; set; }

    /// <summary>Takes a record of the test's.</summary>
    /// <returns>Its offset.</returns>
    public int Append(TopicRecord record)
    {
        _records.Add(record);
        return _records.Count - 1;
    }

    /// <summary>Takes a record of the topology's.</summary>
    /// <returns>Its offset.</returns>
    public int Produce(TopicRecord record)
    {
        _produced.Add(record);
        return Append(record);
    }

    /// <summary>The record at an offset as a batch, encoded as a broker would deliver it.</summary>
    public byte[] Batch(int offset)
    {
        using var builder = new RecordBatchBuilder();
        var record = _records[offset];
        builder.Append(record.Timestamp, record.Key is not null, record.Key, record.Value is not null, record.Value, record.Headers);
        return builder.Finish(new RecordBatchOptions { BaseOffset = offset }).ToArray();
    }
}
