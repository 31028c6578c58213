using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Testing;

/// <summary>A topic of one partition in memory: everything ever written to it, and how far it has been read and fed back.</summary>
internal sealed class MemoryTopic
{
    private readonly List<TopicRecord> _records = [];
    private readonly List<TopicRecord> _produced = [];

    /// <summary>Records in the topic.</summary>
    public int Count => _records.Count;

    /// <summary>The records that the topology wrote, without those that the test piped in.</summary>
    public IReadOnlyList<TopicRecord> Produced => _produced;

    /// <summary>Position of the next produced record for the test's reads.</summary>
    public int ReadPosition { get; set; }

    /// <summary>Position of the next record for the topology, when it reads the topic.</summary>
    public int FeedPosition { get; set; }

    /// <summary>Takes a record of the test's.</summary>
    public void Append(TopicRecord record) => _records.Add(record);

    /// <summary>Takes a record of the topology's.</summary>
    public void Produce(TopicRecord record)
    {
        _records.Add(record);
        _produced.Add(record);
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
