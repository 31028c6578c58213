using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Dsl;

/// <summary>The timestamp extractors of Kafka Streams.</summary>
public static class TimestampExtractors
{
    /// <summary>The record's timestamp; a negative one is an error. The default.</summary>
    public static TimestampExtractor<TKey, TValue> FailOnInvalid<TKey, TValue>() => static (in record, in context) =>
        record.Timestamp >= 0
            ? record.Timestamp
            : throw new StreamsException(
                $"the record at {context.Topic}-{context.Partition} offset {context.Offset} has the negative timestamp {record.Timestamp}; "
                + "use another timestamp extractor in Consumed to skip or replace it");

    /// <summary>The record's timestamp; records with a negative one are dropped and counted.</summary>
    public static TimestampExtractor<TKey, TValue> LogAndSkipOnInvalid<TKey, TValue>() => static (in record, in _) => record.Timestamp;

    /// <summary>The record's timestamp; a negative one is replaced by the partition's time so far.</summary>
    public static TimestampExtractor<TKey, TValue> UsePartitionTimeOnInvalid<TKey, TValue>() => static (in record, in context) =>
        record.Timestamp >= 0 ? record.Timestamp
        : context.PartitionTime >= 0 ? context.PartitionTime
        : throw new StreamsException(
            $"the record at {context.Topic}-{context.Partition} offset {context.Offset} has the negative timestamp {record.Timestamp} "
            + "and no record before it gave its partition a time");

    /// <summary>The wall clock at the moment the record is read.</summary>
    public static TimestampExtractor<TKey, TValue> WallClock<TKey, TValue>() => static (in _, in context) => context.WallClock;
}
