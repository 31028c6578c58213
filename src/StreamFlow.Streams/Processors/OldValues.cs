namespace StreamFlow.Streams.Processors;

/// <summary>What the changes of an aggregate say about the row before.</summary>
internal enum OldValues
{
    /// <summary>Nothing: nobody downstream asks.</summary>
    None,

    /// <summary>Its aggregate, if there was a row.</summary>
    Stored,

    /// <summary>
    /// Its aggregate, and the initial value where there was no row: <see cref="Topologies.KafkaCompatibility.UnseenOldValues"/>.
    /// </summary>
    StoredOrInitial,
}
