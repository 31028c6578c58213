namespace StreamFlow.Streams.Topologies;

/// <summary>Behaviours of Kafka Streams that StreamFlow betters by default, to be switched back on one by one.</summary>
[Flags]
public enum KafkaCompatibility
{
    /// <summary>StreamFlow's own behaviour everywhere.</summary>
    None = 0,

    /// <summary>Stream-stream joins never drop a late record: it joins with whatever the other side still keeps (KAFKA-16123).</summary>
    LateJoinRecords = 1,

    /// <summary>
    /// Left and outer stream-stream joins emit an unmatched record at once when its window has passed, in spite of grace (KAFKA-19536).
    /// </summary>
    UnmatchedBeforeGrace = 2,

    /// <summary>Session, sliding and emit-on-close windows lose rows that Kafka's default store retention hides too early.</summary>
    DefaultRetention = 4,

    /// <summary>
    /// Changes carry old values that were never new ones downstream: the first change of an aggregate its initial value, a change that
    /// was held back the value before its last update. A grouping of the table subtracts what was never added.
    /// </summary>
    UnseenOldValues = 8,

    /// <summary>All of them.</summary>
    All = LateJoinRecords | UnmatchedBeforeGrace | DefaultRetention | UnseenOldValues,
}
