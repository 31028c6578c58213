namespace StreamFlow.Client.Consuming;

/// <summary>Where to begin in a partition without a committed offset, or whose committed offset is gone.</summary>
public enum AutoOffsetReset
{
    /// <summary>At the end: new records only.</summary>
    Latest,

    /// <summary>At the oldest record.</summary>
    Earliest,

    /// <summary>Nowhere: polling throws.</summary>
    None,
}
