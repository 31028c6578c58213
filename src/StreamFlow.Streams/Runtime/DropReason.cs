namespace StreamFlow.Streams.Runtime;

/// <summary>Why a record was dropped; a tag of the <c>dropped-records</c> counter.</summary>
public enum DropReason
{
    /// <summary>The operator needs a key.</summary>
    NullKey,

    /// <summary>The operator needs a value.</summary>
    NullValue,

    /// <summary>The foreign or mapped key is null.</summary>
    NullJoinKey,

    /// <summary>The record came after its window, or its history, had closed.</summary>
    Late,

    /// <summary>The timestamp extractor found no valid time.</summary>
    InvalidTimestamp,

    /// <summary>The bytes could not be read and the handler said to go on.</summary>
    Deserialization,

    /// <summary>User code failed and the handler said to go on.</summary>
    Processing,

    /// <summary>The result could not be written and the handler said to go on.</summary>
    Production,

    /// <summary>The store's retention no longer covers the record's time.</summary>
    Expired,

    /// <summary>An answer of a foreign-key join to a question that has been asked anew since.</summary>
    Superseded,
}
