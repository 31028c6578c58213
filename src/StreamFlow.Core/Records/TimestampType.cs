namespace StreamFlow.Core.Records;

/// <summary>What the timestamp of a batch's records means; bit 3 of the batch attributes.</summary>
public enum TimestampType
{
    /// <summary>The time the producer gave.</summary>
    CreateTime = 0,

    /// <summary>The time of the append, equal for all records of the batch.</summary>
    LogAppendTime = 1,
}
