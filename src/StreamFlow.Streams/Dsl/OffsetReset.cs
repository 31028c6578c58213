namespace StreamFlow.Streams.Dsl;

/// <summary>Where a source begins when its group has no committed offset.</summary>
public enum OffsetReset
{
    /// <summary>At the first record there is.</summary>
    Earliest,

    /// <summary>Behind the last record.</summary>
    Latest,

    /// <summary>Nowhere: the task fails.</summary>
    None,
}
